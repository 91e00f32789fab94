//! Where cargo builds.
//!
//! Everything that the course builds besides what cargo was asked for (overlays, the heavy programs) lies below cargo's
//! own target directory. So the course's folder may be read-only where `CARGO_TARGET_DIR` or cargo's configuration
//! names another place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// cargo's target directory for the workspace at `root`.
///
/// # Errors
///
/// When cargo cannot be run, or does not understand the workspace.
pub fn target_dir(root: &Path) -> Result<PathBuf> {
    // Asking cargo takes a tenth of a second, and its answer does not change while a program runs.
    static KNOWN: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(root) {
        return Ok(known.clone());
    }
    let found = ask_cargo(root)?;
    known.insert(root.to_owned(), found.clone());
    Ok(found)
}

/// The target directory of the programs that no learner's first build may wait for: tract, the reference server, the
/// grader, the book's builder, the code generator. Their long builds do not lock the other directory.
///
/// # Errors
///
/// As for [`target_dir`].
pub fn heavy_dir(root: &Path) -> Result<PathBuf> {
    Ok(target_dir(root)?.join("heavy"))
}

fn ask_cargo(root: &Path) -> Result<PathBuf> {
    let output = crate::call::command()
        .current_dir(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stdin(Stdio::null())
        .output()
        .context("run cargo; is it on the PATH?")?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "cargo does not understand the workspace at {}:\n{stderr}",
            root.display()
        );
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("read cargo's metadata")?;
    let folder = metadata["target_directory"].as_str();
    folder
        .map(PathBuf::from)
        .context("cargo names no target directory")
}
