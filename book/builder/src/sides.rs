//! Where a transcript claims no order within a call: between what its caller sent, what the called program asked of others,
//! and what it answered.
//!
//! A transcript has these three one after the other, unless gates have fixed the order; then it has them as they came, and a
//! call that was caused stands where it was answered. A picture runs from top to bottom, and would make more of that.

use tap::Direction;

use crate::arrow::Kind;
use crate::diagram::{Row, Scene};

/// What a row of a call is a part of, in the order in which a transcript has these where it claims none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Sent,
    Caused,
    Answered,
}

/// Whether a call's sides stand apart, so that no order is claimed between them.
pub(crate) fn are_apart(scene: &Scene, call: usize) -> bool {
    parts(scene, call).is_sorted_by_key(|(_, part)| part)
}

/// Says in each call whose parts may have crossed where the next one begins, and of calls that were caused in a conversation
/// where they stand.
pub(crate) fn mark(scene: &mut Scene) {
    let mut asked: Vec<String> = Vec::new();
    for call in 0..scene.calls.len() {
        if are_apart(scene, call) {
            mark_parts(scene, call);
            continue;
        }
        for (row, part) in parts(scene, call) {
            if let (Part::Caused, Row::Begin(caused)) = (part, &scene.rows[row]) {
                let party = &scene.parties[scene.calls[*caused].to];
                if !asked.contains(party) {
                    asked.push(party.clone());
                }
            }
        }
    }
    if !asked.is_empty() {
        let text = format!(
            "A call to {} stands where it was answered: it may have begun earlier.",
            asked.join(" or ")
        );
        scene.insert(0, Row::Note { call: None, text });
    }
}

/// The called program need not have waited where the caller sent several messages or broke off. Where it sent several
/// itself, it may have sent the first before it made the last of its calls.
fn mark_parts(scene: &mut Scene, call: usize) {
    let parts = parts(scene, call);
    let first = |wanted| parts.iter().find(|(_, part)| *part == wanted);
    let (caused, answered) = (first(Part::Caused), first(Part::Answered));
    let crossing = messages(scene, &parts, Part::Sent) > 1 || breaks_off(scene, &parts);
    let stream = messages(scene, &parts, Part::Answered) > 1;
    let party = &scene.parties[scene.calls[call].to];
    let note = |text| Row::Note {
        call: Some(call),
        text,
    };
    let mut notes = Vec::new();
    // From below, so that a place stays what it is.
    if let Some((row, _)) = answered
        && (crossing || (stream && caused.is_some()))
    {
        notes.push((*row, note(format!("what {party} sent, in its own order:"))));
    }
    if let Some((row, _)) = caused
        && crossing
    {
        notes.push((*row, note(format!("calls that {party} made meanwhile:"))));
    }
    for (row, note) in notes {
        scene.insert(row, note);
    }
}

/// The rows of a call that go one way or the other, and those where a call begins that it caused.
fn parts(scene: &Scene, wanted: usize) -> Vec<(usize, Part)> {
    let rows = scene.rows.iter().enumerate();
    let part = |row: &Row| match row {
        Row::Begin(call) if scene.calls[*call].cause == Some(wanted) => Some(Part::Caused),
        Row::Arrow {
            call, direction, ..
        } if *call == wanted => Some(match direction {
            Direction::Request => Part::Sent,
            Direction::Response => Part::Answered,
        }),
        _ => None,
    };
    rows.filter_map(|(place, row)| Some((place, part(row)?)))
        .collect()
}

/// How many messages there are in one part.
fn messages(scene: &Scene, parts: &[(usize, Part)], wanted: Part) -> usize {
    let is_message = |kind| matches!(kind, Kind::Message | Kind::Bytes | Kind::Undecodable);
    kinds(scene, parts, wanted)
        .filter(|kind| is_message(*kind))
        .count()
}

/// Whether the caller ended the call.
fn breaks_off(scene: &Scene, parts: &[(usize, Part)]) -> bool {
    kinds(scene, parts, Part::Sent)
        .any(|kind| matches!(kind, Kind::Cancel | Kind::Cut | Kind::Malformed))
}

fn kinds(scene: &Scene, parts: &[(usize, Part)], wanted: Part) -> impl Iterator<Item = Kind> {
    let rows = parts.iter().filter(move |(_, part)| *part == wanted);
    rows.filter_map(|(row, _)| match &scene.rows[*row] {
        Row::Arrow { kind, .. } => Some(*kind),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::scene;

    /// The rows of a call with these lines, in short.
    fn rows(lines: &str) -> Vec<String> {
        let text = format!("wirebook-transcript 2\n  call 1  a > b  /c.D/E\n{lines}");
        let scene = scene(&text.parse().expect("a transcript"), &[]).expect("it has a call");
        let short = |row: &Row| match row {
            Row::Begin(call) | Row::Resume(call) => format!("call {call}"),
            Row::Note { text, .. } | Row::More { text, .. } => text.clone(),
            Row::Arrow { call, labels, .. } => format!("{call} {}", labels.join(" + ")),
        };
        scene.rows.iter().map(short).collect()
    }

    const ONE: &str = "    -> Q { n: 1 }\n";
    const TWO: &str = "    -> Q { n: 1 }\n    -> Q { n: 2 }\n";
    const CALL: &str = "    call 2  b > h  /m.H/R\n      -> T {}\n      <- OK\n";
    const ANSWER: &str = "    <- R {}\n    <- OK\n";
    const ANSWERS: &str = "    <- R { n: 1 }\n    <- R { n: 2 }\n    <- OK\n";
    const OWN: &str = "what b sent, in its own order:";
    const MEANWHILE: &str = "calls that b made meanwhile:";

    #[test]
    fn sides_of_a_stream_have_no_order_unless_the_transcript_has_one() {
        assert_eq!(rows(&(TWO.to_owned() + ANSWER))[3], OWN);
        let gated = "    -> Q { n: 1 }\n    <- R {}\n    -> Q { n: 2 }\n    <- OK\n";
        assert_eq!(rows(gated).len(), 5, "{:?}", rows(gated));
        let unary = ONE.to_owned() + "    -> half-close\n" + ANSWER;
        assert_eq!(rows(&unary).len(), 5);
    }

    #[test]
    fn caller_that_broke_off_had_not_waited() {
        for end in ["cancel", "reset, HTTP/2 error 2", "connection lost"] {
            let lines = format!("{ONE}    -> {end}\n    <- x-id: 1\n");
            assert_eq!(rows(&lines)[3], OWN, "{end}");
        }
    }

    #[test]
    fn calls_lie_between_request_and_answer_only_where_both_are_one() {
        let unary = rows(&(ONE.to_owned() + CALL + ANSWER));
        assert!(!unary.iter().any(|row| row == OWN || row == MEANWHILE));
        let from_server = rows(&(ONE.to_owned() + CALL + ANSWERS));
        assert_eq!(from_server[2..6], ["call 1", "1 T", "1 OK", OWN]);
        let from_client = rows(&(TWO.to_owned() + CALL + ANSWER));
        assert_eq!(from_client[3..8], [MEANWHILE, "call 1", "1 T", "1 OK", OWN]);
    }

    #[test]
    fn call_within_a_conversation_may_have_begun_earlier() {
        let lines = format!("{ONE}    <- R {{ n: 1 }}\n{CALL}    <- R {{ n: 2 }}\n");
        let rows = rows(&lines);
        assert_eq!(
            rows[0],
            "A call to h stands where it was answered: it may have begun earlier."
        );
        assert!(!rows.iter().any(|row| row == OWN || row == MEANWHILE));
    }
}
