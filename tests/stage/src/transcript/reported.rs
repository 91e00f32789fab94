//! What the program reported of its results.

use proto::control::v1::from_program;
use tap::{Order, Section, canonical};

/// The reported values, among all that the program sent on the control channel.
pub(super) fn section(messages: &[from_program::Kind], order: Order) -> Section {
    let values = messages.iter().filter_map(|kind| match kind {
        from_program::Kind::Reported(reported) => Some(reported.line.clone()),
        _ => None,
    });
    canonical::reported(&values.collect::<Vec<_>>(), order)
}
