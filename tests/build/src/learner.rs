//! What of a lesson is as the course has it, and what a learner has changed.
//!
//! A file is the same if its lines are: an editor or git may write other line ends, or a mark at the beginning.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalogue::{Course, Exercise, Lesson, plain_lines};

use crate::starter::lesson_files;

/// The files of a lesson that are given and that are not as the course has them, relative to the course's folder: changed,
/// missing, or not readable as text. Dependencies that a learner has added to `Cargo.toml` are no change.
///
/// # Errors
///
/// When the course's own files cannot be read.
pub fn changed_given(course: &Course, lesson: &Lesson) -> Result<Vec<PathBuf>> {
    let files = given_files(lesson)?.into_iter();
    let changed = files.filter(|(path, text)| {
        let now = fs::read_to_string(course.root.join(path)).map(|now| plain_lines(&now));
        !now.is_ok_and(|now| match path.ends_with("Cargo.toml") {
            true => has_lines(&now, text),
            false => now == *text,
        })
    });
    Ok(changed.map(|(path, _)| path).collect())
}

/// The files of a lesson that no exercise is written in, relative to the course's folder, and what they are to be.
///
/// # Errors
///
/// When the course's own files cannot be read.
pub fn given_files(lesson: &Lesson) -> Result<Vec<(PathBuf, String)>> {
    let mut files = lesson_files(lesson)?;
    for exercise in &lesson.exercises {
        files.remove(&Path::new("src").join(exercise.file()));
    }
    let folder = Path::new("lessons").join(&lesson.folder);
    let files = files.into_iter();
    Ok(files
        .map(|(path, text)| (folder.join(path), text))
        .collect())
}

/// The file that a learner begins an exercise with.
///
/// # Errors
///
/// When the course's own files cannot be read.
pub fn starter(lesson: &Lesson, exercise: &Exercise) -> Result<String> {
    let file = Path::new("src").join(exercise.file());
    let starter = lesson_files(lesson)?.remove(&file);
    starter.with_context(|| format!("{} has no starter", exercise.id))
}

/// Whether a learner's file is another than the starter. A file that is missing or cannot be read is not the starter.
///
/// # Errors
///
/// When the course's own files cannot be read.
pub fn begun(course: &Course, lesson: &Lesson, exercise: &Exercise) -> Result<bool> {
    let starter = starter(lesson, exercise)?;
    let now = fs::read_to_string(course.root.join(lesson.lesson_file(exercise)));
    Ok(!now.is_ok_and(|now| plain_lines(&now) == starter))
}

/// Whether a text has all lines of another one in their order, and perhaps more.
fn has_lines(text: &str, wanted: &str) -> bool {
    let mut lines = text.lines();
    let wanted = wanted.lines().filter(|line| !line.trim().is_empty());
    wanted
        .into_iter()
        .all(|wanted| lines.any(|line| line == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_dependency_is_no_change_of_a_manifest() {
        let manifest = "[dependencies]\nkit = 1\n\n[lints]\n";
        assert!(has_lines(
            "[dependencies]\nkit = 1\nmine = 2\n\n[lints]\n",
            manifest
        ));
        assert!(!has_lines(
            "[dependencies]\nmine = 2\n\n[lints]\n",
            manifest
        ));
        assert!(!has_lines("[lints]\n[dependencies]\nkit = 1\n", manifest));
    }
}
