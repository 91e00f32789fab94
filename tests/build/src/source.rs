//! Whose files a lesson is built from.

use catalogue::{Exercise, Lesson};

/// Whose files are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The learner's, in `lessons/`.
    Lessons,
    /// The course's own, in `solutions/`.
    Solutions,
}

impl Source {
    /// An exercise's file, relative to the workspace.
    pub fn file(self, lesson: &Lesson, exercise: &Exercise) -> String {
        match self {
            Self::Lessons => lesson.lesson_file(exercise),
            Self::Solutions => lesson.solution_file(exercise),
        }
    }
}
