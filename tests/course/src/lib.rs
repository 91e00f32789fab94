//! All lessons of the course together: for whoever checks more than one, and for the course's own tests.
//!
//! A learner's builds link one lesson's checker at a time, and never this.

mod chance;
mod lessons;
mod programs;

pub use chance::{CHANCE, left_to_chance};
pub use lessons::LESSONS;
pub use programs::{Programs, build_programs, build_starters, names};

/// An exercise by its id, with its lesson.
pub fn find(id: &str) -> Option<(&'static checks::Lesson, &'static checks::Exercise)> {
    let mut lessons = LESSONS.iter();
    lessons.find_map(|lesson| Some((*lesson, lesson.find(id)?)))
}
