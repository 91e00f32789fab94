//! The folder of the course.

use std::path::{Path, PathBuf};

/// What `WIREBOOK_ROOT` says, else the workspace that cargo runs this program from, else the one that it was built in.
///
/// Two clones that share a target directory get each other's programs, which then find the clone that they are run from. Each
/// builds the other's anew: a target directory for each clone is better.
pub fn workspace_root() -> PathBuf {
    if let Some(root) = std::env::var_os("WIREBOOK_ROOT") {
        return PathBuf::from(root);
    }
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let locked = |package: &PathBuf| {
        package
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").exists())
            .map(Path::to_owned)
    };
    package.as_ref().and_then(locked).unwrap_or_else(|| {
        let built = Path::new(env!("CARGO_MANIFEST_DIR"));
        built.ancestors().nth(2).unwrap_or(built).to_owned()
    })
}
