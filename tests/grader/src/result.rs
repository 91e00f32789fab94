//! A submission's result: its shape, and its file.
//!
//! A result holds no times and no paths of this machine, so that the same round gives the same bytes wherever and
//! however often it is graded. Its fields are in alphabetical order, as they are in the file.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The version of a result's shape. Whoever changes the shape counts it up.
pub const SCHEMA: u32 = 1;

/// What one submission came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// In the order of the course.
    pub exercises: Vec<Exercise>,
    /// A hash of all that could change this result.
    pub key: String,
    /// The sum of the exercises' points.
    pub max_points: u32,
    /// The sum of the points gained.
    pub points: u32,
    /// [`SCHEMA`].
    pub schema: u32,
    /// The round's fresh seed. For the instructor: whoever knows it can make the round's documents.
    pub seed: u64,
    /// The submission's name.
    pub submission: String,
}

/// What one exercise came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// The usual mistake that it shows.
    pub diagnosis: Option<Diagnosis>,
    /// The first line that differs on the published seed.
    pub difference: Option<Difference>,
    /// The compiler's errors, where it does not build.
    pub errors: Vec<String>,
    /// `"unary.1"`.
    pub exercise: String,
    /// Its file in the course.
    pub file: String,
    /// `"unary"`.
    pub lesson: String,
    /// What it is worth.
    pub max_points: u32,
    /// What else there is to know, in a sentence.
    pub note: Option<String>,
    /// What it gained: all or nothing.
    pub points: u32,
    /// What came of each seed's runs.
    pub seeds: Seeds,
    /// The task of the gap, where one is left.
    pub task: Option<String>,
    /// What it is about.
    pub title: String,
    /// One of the verdicts of a check, or `not handed in`, `refused` or `unstable`.
    pub verdict: String,
}

/// A verdict for each seed. Where there is none, nothing was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeds {
    /// On the seed of this round. It is not run where the published one has failed.
    pub fresh: Option<String>,
    /// On the seed of the snapshots.
    pub published: Option<String>,
}

/// A usual mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// What the learner is told.
    pub advice: String,
    /// Its name within the exercise.
    pub name: String,
}

/// A line of a transcript that is not as expected. A side that has no such line is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What came.
    pub actual: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
}

impl Submission {
    /// The points that a lesson's exercises gained.
    pub fn points_of(&self, lesson: &str) -> u32 {
        let own = self.exercises.iter().filter(|own| own.lesson == lesson);
        own.map(|own| own.points).sum()
    }
}

/// Writes a value as JSON, whole or not at all: who reads the file never sees the half of it.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_string_pretty(value).context("write a result as JSON")?;
    text.push('\n');
    write_text(path, &text)
}

/// Writes a text, whole or not at all.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    let writing = || format!("write {}", path.display());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let aside = path.with_file_name(name);
    let mut file = fs::File::create(&aside).with_context(writing)?;
    file.write_all(text.as_bytes()).with_context(writing)?;
    file.sync_all().with_context(writing)?;
    fs::rename(&aside, path).with_context(writing)
}

/// Reads what [`write`] wrote. `None` where there is nothing, or something else.
pub fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}
