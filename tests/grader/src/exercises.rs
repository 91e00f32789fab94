//! What the course asks for: its lessons and exercises, and where the files of an exercise are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use checks::Source;

pub use checks::{Exercise, LESSONS, Lesson};

/// The folder of the course that this program was built from.
pub fn course_folder() -> PathBuf {
    checks::workspace_root()
}

/// Every exercise with its lesson, in the order of the course.
pub fn all() -> impl Iterator<Item = (&'static Lesson, &'static Exercise)> {
    LESSONS.iter().flat_map(|lesson| {
        lesson
            .exercises
            .iter()
            .map(move |exercise| (lesson, exercise))
    })
}

/// The points that the exercises of a lesson are worth together.
pub fn max_points(lesson: &Lesson) -> u32 {
    lesson
        .exercises
        .iter()
        .map(|exercise| exercise.points)
        .sum()
}

/// The file that a learner edits, relative to the course, with slashes.
pub fn file(lesson: &Lesson, exercise: &Exercise) -> String {
    Source::Lessons.file(lesson, exercise)
}

/// The text of an exercise's solution.
///
/// # Errors
///
/// When it cannot be read.
pub fn solution(course: &Path, lesson: &Lesson, exercise: &Exercise) -> Result<String> {
    let file = Source::Solutions.file(lesson, exercise);
    std::fs::read_to_string(course.join(&file)).with_context(|| format!("read {file}"))
}
