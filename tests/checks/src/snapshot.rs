//! The expected transcripts in the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
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
    let text = fs::read_to_string(&path);
    let text = text.with_context(|| format!("read the snapshot {}", path.display()))?;
    let body =
        body(&text).with_context(|| format!("{} is no snapshot of insta's", path.display()))?;
    body.parse()
        .with_context(|| format!("read the snapshot {}", path.display()))
}

/// What insta keeps: all that comes after the header, which stands between two lines of three dashes.
fn body(text: &str) -> Option<&str> {
    let (_, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    Some(body)
}
