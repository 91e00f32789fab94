//! How far the two sides of a call had come: at its end, and against each other on the way.

use crate::call_tree::Call;
use crate::event::{Event, EventKind, Side};
use crate::rules::{Ahead, Rules};

/// What the other side had not said when this one ended the call. `None` where it had said all that it has to.
pub(super) fn unsaid(call: &Call<'_>, ended_by: Side, rules: &Rules) -> Option<String> {
    let has = |kind: fn(&EventKind) -> bool| call.events.iter().any(|event| kind(&event.kind));
    match ended_by {
        Side::Server => {
            let half_closed = has(|kind| *kind == EventKind::HalfClose);
            (!half_closed).then(|| format!("{} had not half-closed", rules.hop.from))
        }
        Side::Client => {
            let server = rules.hop.to;
            let headers = has(|kind| matches!(kind, EventKind::Response { .. }));
            Some(match call.messages(Side::Server).count() {
                0 if !headers => format!("{server} had not answered"),
                0 => format!("{server} had sent its headers and no message"),
                1 => format!("{server} had sent 1 message and no status"),
                count => format!("{server} had sent {count} messages and no status"),
            })
        }
    }
}

/// Whether one side kept within the number of messages that it may be ahead of the other.
pub(super) fn ahead(call: &Call<'_>, rule: Ahead, rules: &Rules) -> String {
    let (mut sent, mut answered, mut most) = (0_usize, 0, 0);
    for event in &call.events {
        match event.kind {
            EventKind::Message { from, .. } if from == rule.side => sent += 1,
            EventKind::Message { .. } => answered += 1,
            _ => {}
        }
        most = most.max(sent.saturating_sub(answered));
    }
    let (one, other) = match rule.side {
        Side::Client => (rules.hop.from, rules.hop.to),
        Side::Server => (rules.hop.to, rules.hop.from),
    };
    let count = count(most, rule.at_most);
    format!("{one}: {count} messages ahead of {other}")
}

/// Whether the called program kept within the number of calls that it may have caused beyond its messages. `began` are the
/// positions in the record at which the calls that it caused began, in their order.
pub(super) fn caused_ahead(
    call: &Call<'_>,
    began: &[u64],
    at_most: usize,
    rules: &Rules,
) -> String {
    let sent = |event: &&&Event| match event.kind {
        EventKind::Message { from, .. } => from == Side::Server,
        _ => false,
    };
    let mut sent = call.events.iter().filter(sent).peekable();
    let (mut back, mut most) = (0_usize, 0);
    for (before, began) in began.iter().enumerate() {
        while sent.next_if(|event| event.seq < *began).is_some() {
            back += 1;
        }
        most = most.max((before + 1).saturating_sub(back));
    }
    let count = count(most, at_most);
    format!("{}: {count} calls ahead of its messages", rules.hop.to)
}

/// A number that has a limit: the limit, where it is kept.
fn count(most: usize, at_most: usize) -> String {
    if most <= at_most {
        format!("at most {at_most}")
    } else {
        format!("{most}, more than {at_most},")
    }
}
