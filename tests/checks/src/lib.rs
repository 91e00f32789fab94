//! The engine of every lesson's checker: from a run to a verdict, a diagnosis and a report.
//!
//! What an exercise asks for is in its own `check.rs`: a scenario for the [`stage`], and its known mistakes. Each
//! lesson has a checker, a library with its [`Lesson`] and a program that is a call of [`main`]. [`check`] makes a
//! report of a program. The learner's check, the instructor's grade and the project's own tests judge a run in the same
//! way, by [`tap::compare`].

mod check;
mod diagnose;
mod diagnosis;
mod evidence;
mod general;
mod lesson;
mod serve;
mod server;
pub mod snapshot;
pub mod testing;
mod verdict;
mod waiting;

pub use check::{Checked, check, check_by_solution, record};
pub use diagnosis::{Diagnosed, Diagnosis};
pub use evidence::{Evidence, message};
pub use general::GENERAL;
pub use lesson::{Exercise, Lesson};
pub use report::Verdict;
pub use serve::main;
pub use server::Server;
pub use tap::Transcript;
pub use verdict::{Judgement, judge};
pub use waiting::all_calls_over;
