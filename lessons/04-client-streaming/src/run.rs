//! How the course calls each exercise, and what it gives it. Provided by the course: do not edit.

#![allow(
    dead_code,
    unused_imports,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

mod commit;
mod early_answer;
mod in_chunks;
mod limit;
mod receive;

pub use crate::edge::*;
pub use crate::file::*;
pub use crate::order::*;

pub use commit::*;
pub use early_answer::*;
pub use in_chunks::*;
pub use limit::*;
pub use receive::*;
