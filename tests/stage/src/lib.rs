//! One run of one program between its peers.
//!
//! [`run`] starts the program as a process, puts a tap on every wire, gives it its task, lets the [`Scenario`] act, and
//! gathers what crossed the wires into a transcript. What an exercise asks for, and what a run is worth, is left to
//! others.

// A run, its plan, and the handle through which the plan acts.
mod handle;
mod run;
mod scenario;
mod streaming;

// The program and its peers.
mod call_options;
mod client;
mod codec;
mod control;
mod environment;
mod folder;
mod group;
pub mod hop;
mod printed;
mod process;
mod reference;

// What is recorded, and how a run ends.
mod end;
mod excess;
mod gap;
mod limits;
mod program_log;
mod run_log;
mod traffic;
mod watchdog;

// What the system knows of a process.
mod blocked;
mod cpu_time;
mod memory;
mod threads;
mod timer;

// What goes into a run, and what comes out.
mod cut;
pub mod faults;
mod inputs;
pub mod jobs;
mod transcript;

pub use call_options::CallOptions;
pub use client::{Client, UnaryResponse};
pub use end::{End, Hang, Idleness};
pub use excess::Excess;
pub use handle::Stage;
pub use inputs::{Seed, Source};
pub use printed::Printed;
pub use process::Program;
pub use reference::Reference;
pub use run::{Run, run};
pub use scenario::{Gates, Inputs, Peer, Scenario, State};
pub use streaming::{NextMessage, StreamingCall};
/// How a scenario's messages without a network are shown.
pub type View = tap::View<'static>;
/// For what a scenario compares with a reported digest.
pub use kit::digest;
/// For implementations of [`Scenario`].
pub use tonic::async_trait;
