//! What a call fails with, and how that is written on the wire.
//!
//! Services return a [`Failure`]. It becomes a `tonic::Status` where a call failed, and an `ErrorEvent` where only one
//! document of a stream did. Both are made here, so every error of this server has the same shape.

pub(crate) mod code;
mod event;
mod failure;
mod reason;

pub use failure::{Failure, Violation};
pub use reason::{DOMAIN, Reason};
