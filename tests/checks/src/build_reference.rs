//! Building the reference server.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use compile::{Built, Target, compile};

/// Builds the server, in a target directory of its own so that its long build locks nobody out.
///
/// # Errors
///
/// When it does not build.
pub fn build_reference(root: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf> {
    let target = Target {
        root: root.to_owned(),
        package: "reference".to_owned(),
        bin: "reference".to_owned(),
        target_dir: Some(root.join("target/heavy")),
        env: Vec::new(),
    };
    if !root.join("target/heavy").exists() {
        progress(
            "building the reference server, which runs a real model: once, and it takes some minutes",
        );
    }
    match compile(&target, progress)? {
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
