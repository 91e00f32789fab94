//! How the program stopped, and what differs besides its calls.

use proto::control::v1::from_program;
use stage::hop::{CLIENT_SERVER, EDGE_HOST};
use tap::{Code, EventKind};

use super::blocks::{self, exchanges};
use super::sides::Sides;
use crate::evidence::Evidence;

/// The program panicked.
pub(super) fn panicked(evidence: &Evidence<'_>) -> Option<String> {
    evidence.run.messages.iter().find_map(|kind| match kind {
        from_program::Kind::Panicked(panic) => Some(format!(
            "Your program panicked at {}:{}: {}",
            panic.file, panic.line, panic.message
        )),
        _ => None,
    })
}

/// The function returned the error with which its peer refused a call.
pub(super) fn peer_refused(evidence: &Evidence<'_>) -> Option<String> {
    let error = evidence.error();
    let calls = [CLIENT_SERVER, EDGE_HOST]
        .map(|hop| evidence.calls(hop))
        .concat();
    let refused = calls.iter().rev().find_map(|call| {
        let status = call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status { code, message, .. } if *code != Code::OK => Some((code, message)),
            _ => None,
        });
        // It is the error's cause where the error repeats its words.
        status.filter(|(_, message)| !message.is_empty() && error.contains(message.as_str()))
    });
    let (code, _) = refused?;
    Some(format!(
        "The peer refused a call with {code}, and your function returned that as its error."
    ))
}

/// The function returned an error.
pub(super) fn returned_error(evidence: &Evidence<'_>) -> Option<String> {
    let error = evidence.error();
    (!error.is_empty()).then(|| format!("Your function returned an error: {error}"))
}

/// Messages of a lesson without a network differ.
pub(super) fn bytes(evidence: &Evidence<'_>) -> Option<String> {
    let sides = Sides::of(evidence)?;
    let (expected, actual) = (exchanges(&sides.expected), exchanges(&sides.actual));
    let differing = expected
        .iter()
        .zip(&actual)
        .position(|(one, other)| one != other);
    match differing {
        Some(index) if actual.len() > expected.len() => Some(format!(
            "{} messages crossed the wire, and {} were expected. The first that is not the expected one is message {}.",
            actual.len(),
            expected.len(),
            index + 1
        )),
        Some(index) => Some(format!(
            "Message {} on the wire is not the one that was expected.",
            index + 1
        )),
        // A program that stands still does not send what comes later.
        None if actual.len() < expected.len() && evidence.did_not_finish() => None,
        None if expected.len() != actual.len() => Some(format!(
            "{} messages crossed the wire, and {} were expected.",
            actual.len(),
            expected.len()
        )),
        None => None,
    }
}

/// A count under a heading differs. Of a program that stands still or has stopped it says nothing: what comes later is not
/// counted.
pub(super) fn count(evidence: &Evidence<'_>, heading: &str) -> Option<String> {
    let is_whole = !evidence.did_not_finish() && !evidence.stopped();
    is_whole.then(|| under(evidence, heading)).flatten()
}

/// What was made of the calls differs, and the calls and what is counted of them do not.
pub(super) fn result(evidence: &Evidence<'_>) -> Option<String> {
    const HEADING: &str = "reported";
    let sides = Sides::of(evidence)?;
    let same_before =
        blocks::before(&sides.expected, HEADING).eq(blocks::before(&sides.actual, HEADING));
    same_before.then(|| under(evidence, HEADING)).flatten()
}

/// What stands under a heading differs.
fn under(evidence: &Evidence<'_>, heading: &str) -> Option<String> {
    let sides = Sides::of(evidence)?;
    let expected = blocks::under(&sides.expected, heading);
    let actual = blocks::under(&sides.actual, heading);
    let differing = expected
        .iter()
        .zip(&actual)
        .find(|(one, other)| one != other);
    match (
        differing,
        expected.get(actual.len()),
        actual.get(expected.len()),
    ) {
        (Some((wanted, came)), ..) => Some(format!(
            "Under `{heading}` stands `{came}`, and `{wanted}` was expected."
        )),
        (None, Some(_), _) if evidence.did_not_finish() => None,
        (None, Some(wanted), _) => Some(format!(
            "`{wanted}` was expected under `{heading}`, and is missing."
        )),
        (None, None, Some(came)) => Some(format!(
            "`{came}` stands under `{heading}`, and was not expected."
        )),
        (None, None, None) => None,
    }
}
