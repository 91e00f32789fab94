//! Which exercises have passed.
//!
//! The file of an exercise that passes is copied into the folder `.wirebook/passed`, beside the course and out of git's
//! and cargo's way. As long as the learner's file is the same as the copy, the exercise counts as passed. Whoever
//! breaks the file later finds the copy there.

use std::fs;
use std::path::PathBuf;

use catalogue::{Course, Exercise, Lesson};

/// The exercises of a course that have passed.
pub(crate) struct Passed {
    root: PathBuf,
}

impl Passed {
    pub(crate) fn of(course: &Course) -> Self {
        Self {
            root: course.root.clone(),
        }
    }

    /// Keeps the file that has just passed. A failure to keep it is ignored: the check has shown its result.
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
