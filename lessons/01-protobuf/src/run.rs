//! How the course calls each exercise, and what it gives it. Provided by the course: do not edit.

#![allow(
    dead_code,
    unused_imports,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

mod events;
mod evolution;
mod onnx;
mod presence;
mod round_trip;
mod varint;

pub use events::*;
pub use evolution::*;
pub use onnx::*;
pub use presence::*;
pub use round_trip::*;
pub use varint::*;
