//! One run of one program between its peers.
//!
//! [`run`] starts the program as a process, puts a tap on every wire, gives it its task, lets the [`Scenario`] act, and
//! gathers what crossed the wires into a transcript. What an exercise asks for, and what a run is worth, is for others to
//! say.

mod asleep;
mod control;
mod heard;
pub mod hop;
mod inputs;
mod patience;
mod process;
mod reference;
mod run;
mod scenario;
mod transcript;
pub mod work;

pub use inputs::{Seed, Source};
pub use process::Printed;
pub use reference::Reference;
pub use run::{End, Program, Run, Stage, run};
pub use scenario::{Form, Inputs, Peer, Scenario};
