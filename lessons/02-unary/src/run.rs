//! How the course calls each exercise, and what it gives it. Provided by the course: do not edit.

#![allow(
    dead_code,
    unused_imports,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

mod at_once;
mod blocking;
mod classify;
mod deadline;
mod edge;
mod failures;
mod health;

pub use crate::answers::*;
pub use crate::edge::*;

pub use at_once::*;
pub use blocking::*;
pub use classify::*;
pub use deadline::*;
pub use edge::*;
pub use failures::*;
pub use health::*;
