//! Solutions with one edit each.
//!
//! A check is worth what it notices. [`of`] makes of a solution the programs that somebody could write by one slip: an
//! error that is swallowed, a bound that is off by one, a field that is not copied. None of them may pass. One that does
//! shows a hole in the exercise's scenario, or is as right as the solution: then it is listed in the exercise's folder with
//! the reason ([`survivors`]).
//!
//! The other way round, what a right program may do otherwise than the solution must pass ([`right`]).
//!
//! The edits are made by place on the source's text, so that comments and layout stay. They know nothing of types: the
//! compiler says which of them are programs.

// The workspace has two versions of it, each by a name with its number.
extern crate syn2 as syn;

mod edit;
mod gap;
mod kinds;
mod mutant;
pub mod right;
mod suite;
mod survivors;
mod tally;

pub use mutant::{Mutant, of};
pub use suite::{Suite, run};
pub use survivors::{Survivor, Survivors};
pub use tally::{Fate, Tally, Tried, table};
