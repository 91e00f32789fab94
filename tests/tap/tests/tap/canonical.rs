//! What is printed of calls that are open at the same time.

use std::time::Duration;

use tap::{Code, Count, Event, EventKind, Hop, Metadata, Renderer, Rules, Transcript, canonical};

const OUTER: Hop = Hop::new("client", "edge");
const INNER: Hop = Hop::new("edge", "host");

/// Events of calls without messages: each is the hop, the call's number on it, and whether it begins or ends.
fn events(steps: &[(Hop, u32, bool)]) -> Vec<Event> {
    let kind = |hop: Hop, begins: bool| match begins {
        true => EventKind::Request {
            path: format!("/{}.{}", hop.from, hop.to),
            metadata: Metadata::new(),
            timeout: None,
        },
        false => EventKind::Status {
            code: Code::OK,
            message: String::new(),
            details: Default::default(),
            metadata: Metadata::new(),
        },
    };
    let event = |(seq, (hop, call, begins)): (usize, &(Hop, u32, bool))| Event {
        seq: seq as u64,
        at: Duration::ZERO,
        hop: *hop,
        connection: 1,
        call: *call,
        kind: kind(*hop, *begins),
    };
    steps.iter().enumerate().map(event).collect()
}

fn print(events: &[Event], outer: Rules, inner: Rules) -> String {
    let renderer = Renderer::new(&[]).expect("no descriptors are descriptors");
    let rules = [outer, inner];
    let sections = [
        canonical::calls(events, &rules, &renderer),
        canonical::connections(events, &rules),
    ];
    Transcript::from_iter(sections).to_string()
}

/// One call inside another, and one that begins while two others are open.
const STEPS: [(Hop, u32, bool); 8] = [
    (OUTER, 1, true),
    (INNER, 1, true),
    (INNER, 1, false),
    (OUTER, 2, true),
    (INNER, 2, true),
    (INNER, 2, false),
    (OUTER, 1, false),
    (OUTER, 2, false),
];

#[test]
fn a_call_is_printed_inside_its_cause_unless_the_rules_forbid_it() {
    let depths = |nested: bool| {
        let inner = Rules {
            nested,
            ..Rules::new(INNER)
        };
        let text = print(&events(&STEPS), Rules::new(OUTER), inner);
        let calls = text
            .lines()
            .filter(|line| line.contains("edge > host") && line.contains("call"));
        calls
            .map(|line| line.len() - line.trim_start().len())
            .collect::<Vec<_>>()
    };
    // Of the second, nobody can tell which of two calls caused it.
    assert_eq!(depths(true), [4, 2]);
    assert_eq!(depths(false), [2, 2]);
}

#[test]
fn calls_open_at_a_time_are_counted_where_the_rules_ask_for_it() {
    let text = |open: Count| {
        let outer = Rules {
            open,
            ..Rules::new(OUTER)
        };
        print(&events(&STEPS), outer, Rules::new(INNER))
    };
    assert!(text(Count::Exact).contains("    client > edge: 2 calls open at a time\n"));
    assert!(text(Count::AtMost(3)).contains("    client > edge: at most 3 calls open at a time\n"));
    assert!(text(Count::AtMost(1)).contains("2, more than 1 calls open at a time\n"));
    assert!(!text(Count::Shown).contains("at a time"));
}
