//! How an exercise is checked: scenarios, the stage that runs them, verdicts and diagnoses.
//!
//! [`check`] is the whole way from source to verdict. The learner's check, the instructor's grade and the project's own
//! tests all go it, and all of them end in [`tap::compare`].

mod asleep;
mod catalogue;
mod check;
mod compile;
mod control;
mod diagnosis;
mod health;
mod heard;
mod inputs;
pub mod overlay;
mod patience;
mod process;
mod reference;
mod scenario;
mod scenarios;
pub mod snapshot;
mod stage;
pub mod starter;
mod transcript;
mod verdict;
mod work;

pub use catalogue::{Exercise, LESSONS, Lesson, select};
pub use check::{Checker, Errors, Report, Source};
pub use compile::{Built, Target, compile, compile_all, workspace_root};
pub use diagnosis::{Diagnosis, Evidence};
pub use inputs::Seed;
pub use process::Printed;
pub use reference::Reference;
pub use scenario::{Form, Peer, Scenario};
pub use stage::{End, Program, Run, run};
pub use verdict::{Verdict, judge};
