//! Building the reference server.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cargo::{Built, build};
use crate::progress::Progress;
use crate::target::Target;
use crate::target_dir::heavy_dir;

/// Builds the server into the target directory of the heavy programs, and returns its path.
///
/// # Errors
///
/// When it does not build.
pub fn build_reference(root: &Path, progress: &mut dyn FnMut(Progress)) -> Result<PathBuf> {
    let heavy = heavy_dir(root)?;
    if !heavy.join("debug/reference").exists() {
        progress(Progress::Line(
            "building the reference server, which runs a real model: once, and it takes some minutes"
                .to_owned(),
        ));
    }
    let target = Target {
        root: root.to_owned(),
        package: "reference".to_owned(),
        bin: "reference".to_owned(),
        target_dir: Some(heavy),
    };
    match build(&target, progress)? {
        Built::Program { path, .. } => Ok(path),
        Built::Errors(errors) => {
            let errors: Vec<_> = errors.into_values().flatten().collect();
            bail!(
                "the reference server does not build, which is the course's fault:\n{}",
                errors.join("\n")
            )
        }
    }
}
