//! The folder of results: what is where in it, and files that are written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Serialize, de::DeserializeOwned};

/// Makes the folder, where it is not there yet.
///
/// # Errors
///
/// When it cannot be made.
pub(crate) fn create(out: &Path) -> Result<()> {
    let results = results_folder(out);
    fs::create_dir_all(&results).with_context(|| format!("make {}", results.display()))
}

/// The result of one submission, a [`Submission`](crate::result::Submission) as JSON.
pub fn result_path(out: &Path, id: &str) -> PathBuf {
    results_folder(out).join(format!("{id}.json"))
}

/// The grades of the class, as [`csv`](crate::report::csv).
pub fn grades_path(out: &Path) -> PathBuf {
    out.join("grades.csv")
}

/// What the next call must know of the round: its seed.
pub(crate) fn round_path(out: &Path) -> PathBuf {
    out.join("round.json")
}

fn results_folder(out: &Path) -> PathBuf {
    out.join("results")
}

/// Writes a value as JSON, whole or not at all.
///
/// # Errors
///
/// When the folder cannot be written.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value).context("write a result as JSON")?;
    text.push('\n');
    write_text(path, &text)
}

/// Writes a text, whole or not at all: a reader never sees half of it, whenever the grader is interrupted.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    let context = || format!("write {}", path.display());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let temporary = path.with_file_name(name);
    let mut file = fs::File::create(&temporary).with_context(context)?;
    file.write_all(text.as_bytes()).with_context(context)?;
    file.sync_all().with_context(context)?;
    fs::rename(&temporary, path).with_context(context)
}

/// Reads a value from JSON. `None` where there is no file, or one of another shape.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}
