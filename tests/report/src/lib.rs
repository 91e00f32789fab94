//! What a check came to, as data.
//!
//! A checker and the command line are two programs. They exchange lines of JSON, which `JSON.md` beside this crate
//! documents. The types of these lines are here, written and read in one place. `cargo xtask check --json` prints the
//! same [`Report`]s.

mod field;
mod line;
mod message;
mod report;
mod verdict;

pub use line::{Line, Row};
pub use message::{Answer, Hello, HelloExercise, Request};
pub use report::{Diagnosis, Output, Report};
pub use verdict::{Errors, Verdict};

/// The name and the version of the format. Within a version keys may be added, and none is removed or changes its
/// meaning.
pub const FORMAT: &str = "wirebook-check/1";

/// The seed that the expected transcripts in the course's folders were recorded on.
pub const PUBLISHED_SEED: u64 = 1;
