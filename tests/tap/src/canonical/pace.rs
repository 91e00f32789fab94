//! How far the two sides of a call had come: at its end, and against each other on the way.

use crate::call_tree::Call;
use crate::event::{EventKind, Side};
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
    let limit = rule.at_most;
    let count = if most <= limit {
        format!("at most {limit}")
    } else {
        format!("{most}, more than {limit},")
    };
    format!("{one}: {count} messages ahead of {other}")
}
