//! Grades a class: many submissions, one course.
//!
//! Of a submission only the exercises' files count. They are installed over the pristine course and built, and each
//! exercise is run on the published seed and on a fresh one. How a run is judged is not this crate's business: it asks
//! [`checks`], as the learner's check does.
//!
//! In reading order: [`class`] is what goes in and what comes out, [`grade_class`] the way between them, and [`report`]
//! what people and programs read of it. Two private modules are all that touches the crates that build, run and judge:
//! `exercises` (what the course asks for) and `workbench` (where it happens).

pub mod class;
pub mod report;
pub mod result;
pub mod terminal;

mod grade;
mod grading;
mod round;
mod solutions;

pub mod exercises;
mod workbench;

mod key;
pub mod output;
mod redact;
pub mod submission;

pub use class::{Class, Event, Options};
pub use grading::grade_class;
