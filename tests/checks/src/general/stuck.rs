//! Programs that stand still although nobody keeps them waiting.

use proto::control::v1::from_program;
use stage::hop::CLIENT_SERVER;
use stage::{End, Hang, Idleness};

use crate::evidence::Evidence;
use crate::waiting::{all_calls_over, both_sent};

fn hang(evidence: &Evidence<'_>) -> Option<Hang> {
    match evidence.run.end {
        End::Hung(hang) => Some(hang),
        _ => None,
    }
}

/// All calls of a client are over, and it waits for something inside itself.
pub(super) fn never_returned(evidence: &Evidence<'_>) -> Option<String> {
    let hang = hang(evidence)?;
    let serves = |kind: &from_program::Kind| matches!(kind, from_program::Kind::Listening(_));
    let calls = evidence.calls(CLIENT_SERVER);
    let shows = !matches!(hang.idleness, Idleness::Busy | Idleness::Timer)
        && !calls.is_empty()
        && calls.iter().all(|call| call.ended())
        && !evidence.run.messages.iter().any(serves);
    shows.then(|| all_calls_over(calls.len()))
}

/// Without a network: both sides have sent something, and the program does no more.
pub(super) fn waits_for_bytes(evidence: &Evidence<'_>) -> Option<String> {
    let hang = hang(evidence)?;
    let (sent, came) = (evidence.sent().count(), evidence.peer_sent().count());
    let shows = !matches!(hang.idleness, Idleness::Busy | Idleness::Timer) && sent > 0 && came > 0;
    shows.then(|| both_sent(sent, came))
}

/// The program computes, and nothing comes of it.
pub(super) fn computes(evidence: &Evidence<'_>) -> Option<String> {
    let shows = hang(evidence)?.idleness == Idleness::Busy;
    shows.then(|| "Your program computes, and nothing comes of it.".to_owned())
}
