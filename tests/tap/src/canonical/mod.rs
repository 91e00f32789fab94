//! Events and rules to the one canonical form, a function for each section of a transcript.
//!
//! What differs between two right programs, or between two runs of one program, is settled here: what may come in any
//! order is sorted, what is bounded is printed as within its bound, what varies is marked as only shown. What is left
//! can be compared line by line.

mod block;
mod calls;
mod clock;
mod connections;
mod conversation;
mod deadline;
mod http;
mod log;
mod messages;
mod pace;
mod reported;
mod store;
#[cfg(test)]
mod tests;

pub use calls::calls;
pub use clock::clock;
pub use connections::connections;
pub use http::{HttpRequest, http};
pub use log::{LogRecord, log};
pub use reported::reported;
pub use store::store;
