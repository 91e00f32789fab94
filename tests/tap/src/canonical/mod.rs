//! Events and rules to the one canonical form.
//!
//! What differs between two right programs, or between two runs of one program, is settled here: what may come in any
//! order is sorted, what is bounded is printed as within its bound, what varies is marked as only shown. What is left
//! can be compared line by line.

mod block;
mod calls;
mod connections;
mod conversation;
mod deadline;
mod messages;
mod pace;
mod reported;
#[cfg(test)]
mod tests;

use crate::event::Event;
use crate::render::Renderer;
use crate::rules::{Order, Rules};
use crate::transcript::Transcript;

/// The canonical form of a run: its calls, its connections, and what the program reported.
pub fn canonical(
    events: &[Event],
    rules: &[Rules],
    reported: &[String],
    reported_order: Order,
    renderer: &Renderer,
) -> Transcript {
    let mut lines = calls::lines(events, rules, renderer);
    lines.extend(connections::lines(events, rules));
    lines.extend(reported::lines(reported, reported_order));
    Transcript { lines }
}
