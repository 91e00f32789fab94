//! What the course says of its lessons and exercises, read from their folders.
//!
//! A lesson is a folder `solutions/NN-name`, an exercise a folder `N-slug` in it. Its `exercise.md` has the title, the
//! minutes, the points, the task, the hints and the note; its `solution.rs` has the code, with the gap marked.
//! Everything that lists, builds, shows or grades exercises reads them here, so each of these facts is typed once. What
//! an exercise is checked against is for its `check.rs`, which this crate never reads.

mod course;
mod error;
mod exercise;
mod form;
mod front_matter;
mod gap;
mod hint;
mod imports;
mod lesson;
mod name;
mod pace;
mod text;

pub use course::{Course, find_folder};
pub use error::Error;
pub use exercise::Exercise;
pub use form::Form;
pub use gap::Gap;
pub use lesson::Lesson;
pub use name::check_name;
pub use pace::{Pace, PaceRun, PaceStep};
pub use text::{plain, plain_lines};
