//! Which exercises have passed.
//!
//! The file of an exercise that passes is copied into the folder `.wirebook/passed`, in the course's folder and out of git's
//! and cargo's way. As long as the learner's file is the same as the copy, the exercise counts as passed. Whoever
//! breaks the file later finds the copy there.

use std::fs;
use std::path::PathBuf;

use build::is_same;
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

    /// The learner's file as it is now.
    pub(crate) fn file_now(&self, lesson: &Lesson, exercise: &Exercise) -> Option<Vec<u8>> {
        fs::read(self.file(lesson, exercise)).ok()
    }

    /// Keeps the file that has just passed, as it was before it was built. One that was saved meanwhile is not kept: what was
    /// checked of it is not known.
    pub(crate) fn remember(&self, lesson: &Lesson, exercise: &Exercise, before: Option<Vec<u8>>) {
        let now = self.file_now(lesson, exercise);
        let Some(content) = before.filter(|before| now.as_ref() == Some(before)) else {
            return;
        };
        if let Err(error) = self.keep(exercise, &content) {
            eprintln!("{} passed, and this cannot be kept: {error}", exercise.id);
        }
    }

    fn keep(&self, exercise: &Exercise, content: &[u8]) -> std::io::Result<()> {
        let kept = self.kept(exercise);
        if let Some(folder) = kept.parent() {
            fs::create_dir_all(folder)?;
        }
        // Renamed into its place, so that what passed before is there until the new file is whole.
        let whole = kept.with_extension("new");
        fs::write(&whole, content)?;
        fs::rename(whole, kept)
    }

    /// Whether the file is the one that passed last.
    pub(crate) fn has(&self, lesson: &Lesson, exercise: &Exercise) -> bool {
        let kept = fs::read(self.kept(exercise));
        let now = fs::read(self.file(lesson, exercise));
        kept.is_ok_and(|kept| now.is_ok_and(|now| is_same(&now, &kept)))
    }

    fn kept(&self, exercise: &Exercise) -> PathBuf {
        self.root
            .join(format!(".wirebook/passed/{}.rs", exercise.id))
    }

    fn file(&self, lesson: &Lesson, exercise: &Exercise) -> PathBuf {
        self.root.join(lesson.lesson_file(exercise))
    }
}
