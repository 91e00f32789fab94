//! The expected transcripts in the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use tap::Transcript;

/// Where the snapshot of an exercise is.
pub fn path(root: &Path, exercise: &str) -> PathBuf {
    root.join("tests/checks/snapshots")
        .join(format!("{exercise}.snap"))
}

/// The expected transcript of an exercise on the published seed. insta wrote it from the solution; here it is only read.
///
/// # Errors
///
/// When it is not there or is no transcript.
pub fn read(root: &Path, exercise: &str) -> Result<Transcript> {
    let path = path(root, exercise);
    let snapshot = insta::Snapshot::from_file(&path)
        .map_err(|error| anyhow!("{error}"))
        .with_context(|| format!("read the snapshot {}", path.display()))?;
    let text = snapshot
        .as_text()
        .context("the snapshot holds no text")?
        .to_string();
    text.parse()
        .with_context(|| format!("read the snapshot {}", path.display()))
}
