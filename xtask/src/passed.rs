//! Which exercises have passed.
//!
//! The file of an exercise that passes is copied into the folder `.wirebook/passed`, in the course's folder and out of git's
//! and cargo's way. What has passed once counts as passed, whatever becomes of the file: nobody loses points by trying
//! something else. Whoever breaks the file later finds the copy there.

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

    /// Whether the exercise has ever passed.
    pub(crate) fn has(&self, exercise: &Exercise) -> bool {
        self.kept(exercise).is_file()
    }

    /// Whether the exercise has passed, and its file is no longer the one that passed last.
    pub(crate) fn has_changed(&self, lesson: &Lesson, exercise: &Exercise) -> bool {
        let now = self.file_now(lesson, exercise);
        let is_now = |kept: Vec<u8>| now.is_some_and(|now| is_same(&now, &kept));
        self.has(exercise) && !fs::read(self.kept(exercise)).is_ok_and(is_now)
    }

    fn kept(&self, exercise: &Exercise) -> PathBuf {
        self.root
            .join(format!(".wirebook/passed/{}.rs", exercise.id))
    }

    fn file(&self, lesson: &Lesson, exercise: &Exercise) -> PathBuf {
        self.root.join(lesson.lesson_file(exercise))
    }
}
