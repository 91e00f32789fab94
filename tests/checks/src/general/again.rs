//! A call that is made again since it failed.

use stage::hop::{CLIENT_SERVER, EDGE_HOST};
use tap::{Call, Code, EventKind, Side};

use super::calls::Pairs;
use crate::evidence::Evidence;

/// A call with the message of one that had failed before, where a call is too many.
pub(super) fn after_failure(evidence: &Evidence<'_>) -> Option<String> {
    let pairs = Pairs::of(evidence)?;
    pairs.extra.iter().find_map(|extra| {
        let hop = [CLIENT_SERVER, EDGE_HOST]
            .into_iter()
            .find(|hop| hop.to_string() == extra.hop)?;
        let calls = evidence.calls_to(hop, extra.path);
        let asked = |call: &Call<'_>| call.messages(Side::Client).next().cloned();
        let (failed, message) = calls.iter().find_map(|call| {
            let (end, failed) = failure(call)?;
            let message = asked(call)?;
            let mut later = calls.iter().filter(|later| later.seq > end);
            later
                .any(|later| asked(later).as_ref() == Some(&message))
                .then_some((failed, message))
        })?;
        let subject = extra.subject().map(|subject| subject.trim_matches('"'));
        let is_about = |subject: &&str| {
            let windows = message.windows(subject.len().max(1));
            windows
                .into_iter()
                .any(|window| window == subject.as_bytes())
        };
        let about = subject
            .filter(is_about)
            .map_or_else(String::new, |subject| format!(" about {subject}"));
        Some(format!(
            "The call of {}{about} was made again after it {failed}.",
            extra.method()
        ))
    })
}

/// Where a call failed, as a position in the record, and how.
fn failure(call: &Call<'_>) -> Option<(u64, String)> {
    call.events.iter().find_map(|event| {
        let how = match &event.kind {
            EventKind::Status { code, .. } if *code != Code::OK => format!("had ended with {code}"),
            EventKind::Cancelled { .. } => "had been given up".to_owned(),
            EventKind::Broken { .. } => "had lost its connection".to_owned(),
            _ => return None,
        };
        Some((event.seq, how))
    })
}
