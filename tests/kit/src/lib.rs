//! The given part of every lesson program.
//!
//! A lesson's `main` hands its exercises to [`main`]. The kit dials the stage, receives the inputs to run the exercise
//! on, runs it, and passes on what it returned. It judges nothing: what counts is what crosses the wire.

mod control;
mod digest;
mod gap;
mod gate;
mod lists;
mod metadata;
mod orphan;
mod program;
pub mod protocol;
mod serve;
mod session;
mod status;
mod store;
mod variants;

pub use digest::digest;
#[doc(hidden)]
pub use gap::types as gap_types;
pub use gap::{Placeholder, unfinished};
pub use gate::blocking_job;
pub use metadata::grpc_timeout;
pub use program::{Exercise, Run, Start, main};
pub use session::{Document, Peer, Session, report};
pub use status::status_line;
pub use store::{Draft, Store};
pub use variants::{Variant, variants_main};

/// An error of any type, as a lesson's functions return it where only its text matters.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
