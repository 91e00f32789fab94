//! How the course calls each exercise, and what it gives it. Provided by the course: do not edit.

#![allow(
    dead_code,
    unused_imports,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

#[path = "../4-commit/given.rs"]
mod commit;
#[path = "../5-early-answer/given.rs"]
mod early_answer;
#[path = "../1-in-chunks/given.rs"]
mod in_chunks;
#[path = "../3-limit/given.rs"]
mod limit;
#[path = "../2-receive/given.rs"]
mod receive;

pub use crate::edge::*;
pub use crate::file::*;
pub use crate::order::*;

pub use commit::*;
pub use early_answer::*;
pub use in_chunks::*;
pub use limit::*;
pub use receive::*;
