//! Hand-made events, and what is printed of them.

use std::time::Duration;

use bytes::Bytes;

use super::{calls, connections, reported};
use crate::code::Code;
use crate::event::{Event, EventKind, Side};
use crate::hop::Hop;
use crate::render::Renderer;
use crate::reset_code::ResetCode;
use crate::rules::{Count, Deadline, Order, Rules};
use crate::testing::file_descriptor_set;
use crate::transcript::Transcript;

mod streams;

const OUTER: Hop = Hop::new("client", "edge");
const INNER: Hop = Hop::new("edge", "host");

/// Renders messages of the package `t`.
fn renderer() -> Renderer {
    Renderer::new(&file_descriptor_set()).expect("a valid contract")
}

/// Events in order, each as hop, call and kind.
fn events(all: Vec<(Hop, u32, EventKind)>) -> Vec<Event> {
    let event = |(seq, (hop, call, kind))| Event {
        seq: seq as u64,
        // A tenth of a second from one to the next.
        at: Duration::from_millis(100 * seq as u64),
        hop,
        connection: 1,
        call,
        kind,
    };
    all.into_iter().enumerate().map(event).collect()
}

fn request(id: &str, timeout: Option<u64>) -> EventKind {
    let metadata = vec![
        ("x-id".to_owned(), id.to_owned()),
        ("other".to_owned(), "1".to_owned()),
    ];
    EventKind::Request {
        path: "/t.S/Do".to_owned(),
        metadata,
        timeout: timeout.map(Duration::from_millis),
    }
}

fn status(code: Code) -> EventKind {
    let message = if code == Code::OK { "" } else { "why" };
    EventKind::Status {
        code,
        message: message.into(),
        details: Bytes::new(),
        metadata: Vec::new(),
    }
}

fn form(events: &[Event], rules: &[Rules]) -> String {
    let transcript = Transcript::from_iter([
        calls(events, rules, &renderer()),
        connections(events, rules),
    ]);
    let text = transcript.to_string();
    assert_eq!(text.parse().as_ref(), Ok(&transcript), "{text}");
    text
}

#[test]
fn a_call_has_both_sides_and_marks_for_what_is_not_compared() {
    let message = EventKind::Message {
        from: Side::Client,
        compressed: false,
        bytes: Bytes::new(),
    };
    let events = events(vec![
        (OUTER, 0, EventKind::Connected),
        (OUTER, 1, request("7", Some(2000))),
        (OUTER, 1, message),
        (OUTER, 1, EventKind::HalfClose),
        (OUTER, 1, status(Code::NOT_FOUND)),
    ]);
    let rules = Rules {
        metadata: &["x-id"],
        connections: Count::Exact,
        ..Rules::new(OUTER)
    };
    let expected = "wirebook-transcript 2
  call 1  client > edge  /t.S/Do
~   -> other: 1
    -> x-id: 7
~   -> grpc-timeout: 2s
    -> Thing {}
    -> half-close
    <- NOT_FOUND
~     message: \"why\"
  connections
    client > edge: 1
";
    assert_eq!(form(&events, &[rules]), expected);
}

#[test]
fn calls_of_a_set_are_the_same_in_any_order() {
    let both = |first: &str, second: &str| {
        events(vec![
            (OUTER, 1, request(first, None)),
            (OUTER, 2, request(second, None)),
            (OUTER, 2, status(Code::OK)),
            (OUTER, 1, status(Code::OK)),
        ])
    };
    let set = [Rules {
        calls: Order::Set,
        metadata: &["x-id"],
        ..Rules::new(OUTER)
    }];
    assert_eq!(form(&both("1", "2"), &set), form(&both("2", "1"), &set));
    let exact = [Rules {
        metadata: &["x-id"],
        ..Rules::new(OUTER)
    }];
    assert_ne!(form(&both("1", "2"), &exact), form(&both("2", "1"), &exact));
}

/// Two calls one after the other, each with metadata that is compared, some that is not, and a deadline.
fn two(first: (&str, &str, u64), second: (&str, &str, u64)) -> Vec<Event> {
    let request = |(id, other, timeout): (&str, &str, u64)| EventKind::Request {
        path: "/t.S/Do".to_owned(),
        metadata: [("x-id", id), ("a-trace", other)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec(),
        timeout: Some(Duration::from_millis(timeout)),
    };
    events(vec![
        (OUTER, 1, request(first)),
        (OUTER, 1, status(Code::OK)),
        (OUTER, 2, request(second)),
        (OUTER, 2, status(Code::OK)),
    ])
}

fn compared(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('~')).collect()
}

#[test]
fn what_is_not_compared_does_not_sort_a_set() {
    let rules = [Rules {
        calls: Order::Set,
        metadata: &["x-id"],
        ..Rules::new(OUTER)
    }];
    // The metadata and the deadlines that are only shown would sort the calls the other way round.
    let one = form(&two(("1", "z", 900), ("2", "a", 100)), &rules);
    let other = form(&two(("1", "a", 100), ("2", "z", 900)), &rules);
    assert_eq!(compared(&one), compared(&other));
    let first = one.split("call 2").next().expect("there is a first call");
    assert!(
        first.contains("a-trace: z\n") && first.contains("900ms\n"),
        "what is shown travels with its call: {one}"
    );
    assert!(first.contains("x-id: 1\n"), "{one}");
}

#[test]
fn calls_that_are_the_same_to_a_comparison_are_printed_in_one_way() {
    let rules = [Rules {
        calls: Order::Set,
        ..Rules::new(OUTER)
    }];
    let (one, other) = (("1", "a", 100), ("2", "b", 100));
    assert_eq!(
        form(&two(one, other), &rules),
        form(&two(other, one), &rules)
    );
}

#[test]
fn a_set_is_sorted_among_calls_of_another_hop_that_are_in_order() {
    let run = |first: &str, second: &str| {
        events(vec![
            (OUTER, 1, request("b", None)),
            (OUTER, 1, status(Code::OK)),
            (INNER, 1, request(first, None)),
            (INNER, 1, status(Code::OK)),
            (OUTER, 2, request("a", None)),
            (OUTER, 2, status(Code::OK)),
            (INNER, 2, request(second, None)),
            (INNER, 2, status(Code::OK)),
        ])
    };
    let rules = |hop, calls| Rules {
        calls,
        metadata: &["x-id"],
        ..Rules::new(hop)
    };
    let rules = [rules(OUTER, Order::Exact), rules(INNER, Order::Set)];
    let text = form(&run("1", "2"), &rules);
    assert_eq!(text, form(&run("2", "1"), &rules));
    let ids = text.lines().filter_map(|line| line.split_once("x-id: "));
    let ids: Vec<_> = ids.map(|(_, id)| id).collect();
    assert_eq!(ids, ["b", "1", "a", "2"]);
}

#[test]
fn metadata_that_varies_is_redacted_where_it_is_not_compared() {
    let call = |id: &str| {
        events(vec![
            (OUTER, 1, request(id, None)),
            (OUTER, 1, status(Code::OK)),
        ])
    };
    let form = |id: &str, metadata: &'static [&'static str]| {
        let rules = Rules {
            metadata,
            ..Rules::new(OUTER)
        };
        let renderer = renderer().redact_metadata("x-id", "(varies)");
        Transcript::from_iter([calls(&call(id), &[rules], &renderer)]).to_string()
    };
    let shown = form("7", &[]);
    assert!(
        shown.contains("~   -> other: 1\n~   -> x-id: (varies)\n"),
        "{shown}"
    );
    assert_eq!(shown, form("8", &[]));
    assert!(form("7", &["x-id"]).contains("    -> x-id: 7\n"));
}

fn nested(outer: Option<u64>, inner: Option<u64>) -> String {
    let events = events(vec![
        (OUTER, 1, request("1", outer)),
        (INNER, 1, request("2", inner)),
        (INNER, 1, status(Code::OK)),
        (OUTER, 1, status(Code::OK)),
    ]);
    let inner = Rules {
        deadline: Deadline::Left {
            spent: Duration::from_millis(100),
        },
        ..Rules::new(INNER)
    };
    form(&events, &[Rules::new(OUTER), inner])
}

#[test]
fn a_call_stands_inside_the_one_that_caused_it() {
    let text = nested(None, None);
    assert!(
        text.contains("\n    call 2  edge > host  /t.S/Do\n"),
        "{text}"
    );
    assert!(text.contains("\n      <- OK\n    <- OK\n"), "{text}");
}

#[test]
fn a_deadline_is_compared_with_what_is_left_of_the_callers() {
    // The second request comes 100 ms after the first.
    let printed = |inner: u64, text: &str| {
        let all = nested(Some(1_000), Some(inner));
        assert!(
            all.contains(&format!("      -> grpc-timeout: {text}\n")),
            "{all}"
        );
    };
    printed(900, "within what is left of the caller's");
    printed(450, "within what is left of the caller's");
    printed(449, "less than half of what is left of the caller's");
    printed(951, "more than is left of the caller's");
    printed(1_000, "more than is left of the caller's");
}

#[test]
fn a_deadline_that_is_missing_or_alone_is_compared_with_nothing() {
    assert_eq!(nested(Some(50), None).matches("grpc-timeout").count(), 1);
    assert!(nested(None, Some(50)).contains("~     -> grpc-timeout: 50ms\n"));
}

#[test]
fn a_bound_prints_alike_within_it_and_differs_beyond() {
    let connected = |count: usize| events(vec![(OUTER, 0, EventKind::Connected); count]);
    let rules = [Rules {
        connections: Count::AtMost(2),
        ..Rules::new(OUTER)
    }];
    assert_eq!(form(&connected(1), &rules), form(&connected(2), &rules));
    assert!(form(&connected(3), &rules).contains("client > edge: 3, more than 2"));
}

#[test]
fn every_way_to_end_a_call_is_printed() {
    let ended = |kind: EventKind| {
        form(
            &events(vec![(OUTER, 1, request("1", None)), (OUTER, 1, kind)]),
            &[Rules::new(OUTER)],
        )
    };
    assert!(
        ended(EventKind::Cancelled {
            by: Side::Client,
            code: ResetCode::CANCEL
        })
        .contains("    -> cancel\n")
    );
    assert!(
        ended(EventKind::Cancelled {
            by: Side::Server,
            code: ResetCode::REFUSED_STREAM
        })
        .contains("    <- reset, HTTP/2 error 7\n")
    );
    assert!(ended(EventKind::Broken { side: Side::Server }).contains("    <- connection lost\n"));
    assert!(ended(EventKind::HalfClose).contains("    <- nothing yet\n"));
}

#[test]
fn a_reported_line_cannot_pass_for_another_kind_of_line() {
    let values = [
        "-> x",
        "call 1  a > b  /c",
        " deep",
        "two\nlines \u{1b}[31m",
        "",
        "0a 02  bytes",
        "~ ",
    ]
    .map(str::to_owned);
    let transcript = Transcript::from_iter([reported(&values, Order::Exact)]);
    let text = transcript.to_string();
    assert_eq!(text.parse::<Transcript>().unwrap(), transcript, "{text}");
    assert_eq!(text.lines().count(), 2 + values.len(), "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn calls_that_do_not_count_are_shown_as_a_number_and_nowhere_else() {
    let health = EventKind::Request {
        path: "/grpc.health.v1.Health/Check".to_owned(),
        metadata: Vec::new(),
        timeout: None,
    };
    let counted = [(OUTER, 1, request("1", None)), (OUTER, 1, status(Code::OK))];
    // Before the call, and open while it is.
    let mut with_health = vec![(OUTER, 7, health)];
    with_health.extend(counted.clone());
    with_health.push((OUTER, 7, status(Code::NOT_FOUND)));
    let rules = Rules {
        uncounted_calls: &["/grpc.health.v1.Health/"],
        open: Count::Exact,
        ..Rules::new(OUTER)
    };
    let (with, without) = (
        form(&events(with_health.clone()), std::slice::from_ref(&rules)),
        form(&events(counted.to_vec()), std::slice::from_ref(&rules)),
    );
    let shown = "~   client > edge: 1 call does not count\n";
    assert_eq!(with.replace(shown, ""), without);
    assert!(with.contains(shown) && !without.contains("count"), "{with}");
    let strict = form(&events(with_health), &[Rules::new(OUTER)]);
    assert!(strict.contains("Health/Check"), "{strict}");
}
