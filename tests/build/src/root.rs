//! The folder of the course.

use std::path::{Path, PathBuf};

/// What `WIREBOOK_ROOT` says, else the workspace that cargo runs this program from, else the one that it was built in.
///
/// What was built in one clone may be run from another, where two clones share a target directory.
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
