//! Of which lessons the end has been told.
//!
//! `.wirebook/told` has a file for each lesson that was complete when it was checked: whether its end has been told since
//! the last time that it was not complete.

use std::fs;
use std::path::PathBuf;

use catalogue::{Course, Lesson};

/// What the file says when the end was told.
const TOLD: &str = "told\n";

/// What it says when the lesson was not complete any more afterwards.
const NOT_SINCE: &str = "not since it was complete last\n";

/// Of which lessons of a course the end has been told.
pub(crate) struct Told {
    root: PathBuf,
}

impl Told {
    pub(crate) fn of(course: &Course) -> Self {
        Self {
            root: course.root.clone(),
        }
    }

    /// Whether the end of a lesson is to be told now, where it is complete or not after a check. It is told once, until the
    /// lesson has not been complete in between.
    pub(crate) fn is_due(&self, lesson: &Lesson, is_complete: bool) -> bool {
        let file = self.root.join(".wirebook/told").join(&lesson.name);
        let was_told = fs::read_to_string(&file).is_ok_and(|text| text == TOLD);
        let state = match (is_complete, was_told) {
            (true, false) => TOLD,
            (false, true) => NOT_SINCE,
            _ => return false,
        };
        let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
        // Where it cannot be kept, the end is told again, and nothing else is lost.
        let _ = folder.and_then(|()| fs::write(&file, state));
        is_complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_lesson_is_due_once_until_the_lesson_was_incomplete() {
        let root = tempfile::tempdir().expect("a folder");
        let mut course = Course::read(&build::workspace_root()).expect("it is read");
        course.root = root.path().to_owned();
        let (first, second) = (&course.lessons[0], &course.lessons[1]);
        let told = Told::of(&course);
        assert!(!told.is_due(first, false), "it is not complete");
        assert!(!root.path().join(".wirebook").exists());
        assert!(told.is_due(first, true));
        assert!(!Told::of(&course).is_due(first, true), "told already");
        assert!(told.is_due(second, true), "another lesson");
        assert!(!told.is_due(first, false), "broken again");
        assert!(told.is_due(first, true), "complete again");
    }
}
