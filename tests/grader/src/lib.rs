//! Grades a class: many submissions, one course.
//!
//! Of a submission only the exercises' files count. They are laid over the pristine course, built, and each exercise is
//! run on the published seed and on a fresh one. How a run is judged is none of this crate's business: it asks
//! [`checks`], as the learner's own check does.

pub mod class;
mod grade;
mod key;
mod redact;
pub mod result;
mod round;
pub mod submission;
pub mod table;
mod workbench;

pub use class::{Class, Options, Said, grade_class};
