//! The expected transcripts in the repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tap::Transcript;

use crate::lesson::{Exercise, Lesson};

/// Where the expected transcript of an exercise on the published seed is.
pub fn path(course: &Path, lesson: &Lesson, exercise: &Exercise) -> PathBuf {
    course
        .join("solutions")
        .join(lesson.folder)
        .join(exercise.folder)
        .join("expected.snap")
}

/// The expected transcript of an exercise on the published seed. insta wrote it from the solution; here it is only
/// read.
///
/// # Errors
///
/// When it is not there or is not a transcript.
pub fn read(course: &Path, lesson: &Lesson, exercise: &Exercise) -> Result<Transcript> {
    let path = path(course, lesson, exercise);
    if !path.exists() {
        let id = exercise.id;
        anyhow::bail!(
            "{id} has no expected transcript yet, {}; whoever writes the exercise records it from the solution: \
             `cargo xtask record {id}`",
            path.display()
        );
    }
    // git or an archive may have put in other line ends. A transcript has none within a line: it writes them as escapes.
    let text = fs::read_to_string(&path).map(|text| text.replace("\r\n", "\n"));
    let text = text.with_context(|| format!("read the snapshot {}", path.display()))?;
    let body =
        body(&text).with_context(|| format!("{} is not a snapshot of insta's", path.display()))?;
    body.parse()
        .with_context(|| format!("read the snapshot {}", path.display()))
}

/// Writes the expected transcript of an exercise, in the form of an insta snapshot, which the course's tests compare
/// with what the solution puts on the wire.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write(
    course: &Path,
    lesson: &Lesson,
    exercise: &Exercise,
    transcript: &Transcript,
) -> Result<()> {
    let path = path(course, lesson, exercise);
    let text = format!(
        "---\nsource: tests/course/tests/course/course.rs\ndescription: {} on the published seed\n---\n{transcript}",
        exercise.id
    );
    fs::write(&path, text).with_context(|| format!("write the snapshot {}", path.display()))
}

/// What insta compares: all that follows the header, which is between two lines of three dashes.
fn body(text: &str) -> Option<&str> {
    let (_, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    Some(body)
}
