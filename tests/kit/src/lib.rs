//! The given part of every lesson program.
//!
//! A lesson's `main` hands its exercises to [`main`]. The kit dials the stage, hears which inputs to run the exercise
//! on, runs it, and passes on what it returned. It judges nothing: what counts is what crosses the wire.

mod control;
mod gap;
mod gate;
mod metadata;
mod program;
pub mod protocol;
mod serve;
mod session;

pub use gap::unfinished;
pub use gate::work;
pub use metadata::grpc_timeout;
pub use program::{Exercise, Run, main};
pub use session::{Document, Peer, Session, report};

/// An error of any type, as a lesson's functions return it where only its text matters.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
