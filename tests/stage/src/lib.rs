//! One run of one program between its peers.
//!
//! [`run`] starts the program as a process, puts a tap on every wire, gives it its task, lets the [`Scenario`] act, and
//! gathers what crossed the wires into a transcript. What an exercise asks for, and what a run is worth, is left to
//! others.

mod run;

mod scenario;

mod handle;

mod client;

mod control;
mod process;
mod program_log;
mod reference;
mod run_log;

mod cpu_time;
mod end;
mod watchdog;

pub mod hop;
mod inputs;
pub mod jobs;
mod transcript;

pub use client::{CallOptions, Client, UnaryResponse};
pub use end::End;
pub use handle::Stage;
pub use inputs::{Seed, Source};
pub use process::{Printed, Program};
pub use reference::Reference;
pub use run::{Run, run};
pub use scenario::{Gates, Inputs, Peer, Scenario, View};
/// For implementations of [`Scenario`].
pub use tonic::async_trait;
