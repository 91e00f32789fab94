//! Which exercises have passed.
//!
//! The file of an exercise that passes is copied into the folder `.wirebook/passed`, beside the course and out of git's and
//! cargo's way. As long as the learner's file is that very file, the exercise counts as passed; and whoever breaks it later
//! finds there what once passed.

use std::fs;
use std::path::PathBuf;

use catalogue::{Course, Exercise, Lesson};

/// What has passed of one course.
pub(crate) struct Passed {
    root: PathBuf,
}

impl Passed {
    pub(crate) fn of(course: &Course) -> Self {
        Self {
            root: course.root.clone(),
        }
    }

    /// Keeps the file that has just passed. That it cannot be kept stands in nobody's way.
    pub(crate) fn remember(&self, lesson: &Lesson, exercise: &Exercise) {
        let kept = self.kept(exercise);
        if let Some(folder) = kept.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::copy(self.file(lesson, exercise), kept);
    }

    /// Whether the file is the one that passed last.
    pub(crate) fn has(&self, lesson: &Lesson, exercise: &Exercise) -> bool {
        let kept = fs::read(self.kept(exercise));
        kept.is_ok_and(|kept| fs::read(self.file(lesson, exercise)).is_ok_and(|now| now == kept))
    }

    fn kept(&self, exercise: &Exercise) -> PathBuf {
        self.root
            .join(format!(".wirebook/passed/{}.rs", exercise.id))
    }

    fn file(&self, lesson: &Lesson, exercise: &Exercise) -> PathBuf {
        self.root.join(lesson.lesson_file(exercise))
    }
}
