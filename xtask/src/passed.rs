//! Which exercises have passed.
//!
//! The file of an exercise that passes is copied into `target/passed`. As long as the learner's file is that very file,
//! the exercise counts as passed; and whoever breaks it later finds there what once passed.

use std::fs;
use std::path::PathBuf;

use checks::{Exercise, Lesson, Source, workspace_root};

/// Keeps the file that has just passed. That it cannot be kept stands in nobody's way.
pub(crate) fn remember(lesson: &Lesson, exercise: &Exercise) {
    let kept = kept(exercise);
    if let Some(folder) = kept.parent() {
        let _ = fs::create_dir_all(folder);
    }
    let _ = fs::copy(file(lesson, exercise), kept);
}

/// Whether the file is the one that passed last.
pub(crate) fn has(lesson: &Lesson, exercise: &Exercise) -> bool {
    let kept = fs::read(kept(exercise));
    kept.is_ok_and(|kept| fs::read(file(lesson, exercise)).is_ok_and(|now| now == kept))
}

fn kept(exercise: &Exercise) -> PathBuf {
    workspace_root().join(format!("target/passed/{}.rs", exercise.id))
}

fn file(lesson: &Lesson, exercise: &Exercise) -> PathBuf {
    workspace_root().join(Source::Lessons.file(lesson, exercise))
}
