//! How an exercise is checked: scenarios for the [`stage`], snapshots, verdicts and diagnoses.
//!
//! [`check`] is the whole way from source to verdict. The learner's check, the instructor's grade and the project's own
//! tests all go it, and all of them end in [`tap::compare`].

mod build_reference;
mod catalogue;
mod check;
mod diagnosis;
mod health;
pub mod overlay;
mod scenarios;
pub mod snapshot;
pub mod starter;
mod verdict;

pub use build_reference::build_reference;
pub use catalogue::{Exercise, LESSONS, Lesson, select};
pub use check::{Checker, Errors, Report, Source};
pub use compile::{Built, Target, compile, compile_all, workspace_root};
pub use diagnosis::{Diagnosis, Evidence};
pub use stage::{End, Peer, Printed, Program, Reference, Run, Scenario, Seed, View, run};
pub use verdict::{Verdict, judge};
