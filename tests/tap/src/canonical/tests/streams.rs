//! Conversations of more than a question and an answer.

use prost::Message as _;

use super::*;
use crate::rules::{Ahead, Conversation, Messages};
use crate::testing::{Part, Thing};

/// Each thing that happens in a call of `/t.S/Do` after its request, in order.
fn call(kinds: Vec<EventKind>) -> Vec<Event> {
    let request = EventKind::Request {
        path: "/t.S/Do".to_owned(),
        metadata: Vec::new(),
        timeout: None,
    };
    let all = std::iter::once(request).chain(kinds);
    events(all.map(|kind| (OUTER, 1, kind)).collect())
}

fn message(from: Side, bytes: Vec<u8>) -> EventKind {
    EventKind::Message {
        from,
        compressed: false,
        bytes: bytes.into(),
    }
}

/// A `t.Thing` from the client.
fn ask(name: &str) -> EventKind {
    let thing = Thing {
        name: name.to_owned(),
        ..Default::default()
    };
    message(Side::Client, thing.encode_to_vec())
}

/// A part of a blob from the client.
fn chunk(name: &str, blob: &[u8], took_ms: i64) -> EventKind {
    let thing = Thing {
        name: name.to_owned(),
        blob: blob.to_vec(),
        took_ms,
        ..Default::default()
    };
    message(Side::Client, thing.encode_to_vec())
}

/// A `t.Part` from the server.
fn answer(tag: &str) -> EventKind {
    let part = Part {
        tags: vec![tag.to_owned()],
    };
    message(Side::Server, part.encode_to_vec())
}

fn headers() -> EventKind {
    EventKind::Response {
        metadata: vec![("x-served-by".to_owned(), "edge".to_owned())],
    }
}

fn cancel(by: Side) -> EventKind {
    EventKind::Cancelled {
        by,
        code: ResetCode::CANCEL,
    }
}

/// The lines of the call, without the call's own and the connections.
fn printed(kinds: Vec<EventKind>, rules: &Rules) -> Vec<String> {
    let text = form(&call(kinds), std::slice::from_ref(rules));
    let lines = text.lines().skip(2);
    let lines = lines.take_while(|line| *line != "  connections");
    lines.map(|line| line[4..].to_owned()).collect()
}

fn of(conversation: Conversation) -> Rules {
    Rules {
        conversation,
        ..Rules::new(OUTER)
    }
}

#[test]
fn a_conversation_is_apart_or_in_the_order_of_its_steps() {
    let kinds = || {
        vec![
            ask("1"),
            headers(),
            answer("a"),
            ask("2"),
            EventKind::HalfClose,
            answer("b"),
            status(Code::OK),
        ]
    };
    let apart = [
        "-> Thing { name: \"1\" }",
        "-> Thing { name: \"2\" }",
        "-> half-close",
        "<- x-served-by: edge",
        "<- Part { tags: [\"a\"] }",
        "<- Part { tags: [\"b\"] }",
        "<- OK",
    ];
    assert_eq!(printed(kinds(), &of(Conversation::Apart)), apart);
    let interleaved = [
        "-> Thing { name: \"1\" }",
        "<- x-served-by: edge",
        "<- Part { tags: [\"a\"] }",
        "-> Thing { name: \"2\" }",
        "-> half-close",
        "<- Part { tags: [\"b\"] }",
        "<- OK",
    ];
    assert_eq!(
        printed(kinds(), &of(Conversation::Interleaved)),
        interleaved
    );
}

#[test]
fn interleaved_sides_differ_where_one_did_not_wait() {
    let waits = vec![
        ask("1"),
        answer("a"),
        ask("2"),
        answer("b"),
        status(Code::OK),
    ];
    let does_not = vec![
        ask("1"),
        ask("2"),
        answer("a"),
        answer("b"),
        status(Code::OK),
    ];
    let rules = of(Conversation::Interleaved);
    assert_ne!(
        printed(waits.clone(), &rules),
        printed(does_not.clone(), &rules)
    );
    let rules = of(Conversation::Apart);
    assert_eq!(printed(waits, &rules), printed(does_not, &rules));
}

#[test]
fn interleaved_headers_stand_before_what_the_server_says_next() {
    let rules = of(Conversation::Interleaved);
    let early = vec![headers(), ask("1"), answer("a"), status(Code::OK)];
    let late = vec![ask("1"), headers(), answer("a"), status(Code::OK)];
    assert_eq!(printed(early, &rules), printed(late, &rules));
    let alone = printed(vec![headers(), ask("1")], &rules);
    assert_eq!(alone[1..], ["<- x-served-by: edge", "<- nothing yet"]);
    let left = EventKind::Cancelled {
        by: Side::Client,
        code: ResetCode::CANCEL,
    };
    let left = printed(vec![headers(), ask("1"), left], &rules);
    assert_eq!(left[1..], ["<- x-served-by: edge", "-> cancel"]);
}

/// When a program asks on is its own choice, and also whether it asks about two things at a time. When it is answered, the
/// gates fix.
#[test]
fn an_interleaved_call_stands_where_it_was_answered() {
    let (two, three) = ((INNER, 1), (INNER, 2));
    let ahead = vec![
        (two, request("2", None)),
        (three, request("3", None)),
        (two, status(Code::OK)),
        (OUTER_1, answer("a")),
        (OUTER_1, ask("2")),
        (three, status(Code::OK)),
    ];
    let in_step = vec![
        (two, request("2", None)),
        (two, status(Code::OK)),
        (OUTER_1, answer("a")),
        (three, request("3", None)),
        (OUTER_1, ask("2")),
        (three, status(Code::OK)),
    ];
    let expected = [
        "call 1",
        "-> Thing { name: \"1\" }",
        "call 2",
        "<- Part { tags: [\"a\"] }",
        "-> Thing { name: \"2\" }",
        "call 3",
    ];
    for middle in [ahead, in_step] {
        let begin = vec![(OUTER_1, request("1", None)), (OUTER_1, ask("1"))];
        let all = [begin, middle, vec![(OUTER_1, status(Code::OK))]].concat();
        let all = all.into_iter().map(|((hop, call), kind)| (hop, call, kind));
        let inner = Rules {
            calls: Order::Set,
            ..Rules::new(INNER)
        };
        let rules = [of(Conversation::Interleaved), inner];
        let text = form(&events(all.collect()), &rules);
        let order: Vec<_> = text
            .lines()
            .map(str::trim_start)
            .filter(|line| line.contains("Thing") || line.contains("Part") || line.contains("call"))
            .map(|line| line.split("  ").next().unwrap_or_default())
            .collect();
        assert_eq!(order, expected);
    }
}

const OUTER_1: (Hop, u32) = (OUTER, 1);

fn joined(field: &'static str) -> Rules {
    Rules {
        requests: Messages::Joined { field },
        ..Rules::new(OUTER)
    }
}

/// The lines that are compared.
fn compared(lines: &[String]) -> Vec<&str> {
    let all = lines.iter().map(String::as_str);
    // `printed` has cut the gutter off, and an arrow's depth with it: what is shown only is a detail of ours.
    all.filter(|line| !line.trim_start().starts_with("in "))
        .collect()
}

#[test]
fn where_a_joined_value_was_cut_does_not_count() {
    let rules = joined("t.Thing.blob");
    let cut = |parts: &[&[u8]]| {
        let parts = parts.iter().map(|part| chunk("", part, 0));
        printed(parts.chain([EventKind::HalfClose]).collect(), &rules)
    };
    let whole = cut(&[b"abcdef"]);
    let three = cut(&[b"ab", b"", b"cdef"]);
    assert_eq!(compared(&whole), compared(&three));
    assert!(
        whole[0].starts_with("-> Thing { blob: 6 bytes #"),
        "{whole:?}"
    );
    assert_eq!(three[1], "  in 3 messages");
    assert_ne!(compared(&whole), compared(&cut(&[b"ab", b"cdeg"])));
    assert_ne!(compared(&whole), compared(&cut(&[b"cdef", b"ab"])));
    assert_ne!(compared(&whole), compared(&cut(&[b"ab", b"ab", b"cdef"])));
}

#[test]
fn what_is_otherwise_different_is_not_joined() {
    let rules = joined("t.Thing.blob");
    let lines = printed(
        vec![
            ask("head"),
            chunk("a", b"12", 0),
            chunk("a", b"3", 0),
            chunk("b", b"4", 0),
        ],
        &rules,
    );
    let names: Vec<_> = compared(&lines);
    assert_eq!(names.len(), 4, "{lines:?}");
    assert_eq!(names[0], "-> Thing { name: \"head\" }");
    assert!(names[1].contains("name: \"a\", blob: 3 bytes"), "{lines:?}");
    assert!(names[2].contains("name: \"b\", blob: 1 byte"), "{lines:?}");
    let twice = printed(vec![ask("head"), ask("head")], &rules);
    assert_eq!(twice.len(), 3, "a head is not part of a value: {twice:?}");
}

#[test]
fn strings_are_joined_and_a_field_that_does_not_count_does_not_part_them() {
    let text = printed(vec![ask("ab"), ask("cd")], &joined("t.Thing.name"));
    assert_eq!(text[0], "-> Thing { name: \"abcd\" }");
    let rules = Rules {
        uncounted: &["t.Thing.took_ms"],
        ..joined("t.Thing.blob")
    };
    let lines = printed(vec![chunk("", b"1", 1), chunk("", b"2", 2)], &rules);
    assert_eq!(compared(&lines).len(), 2, "{lines:?}");
    let lines = printed(
        vec![chunk("", b"1", 1), chunk("", b"2", 2)],
        &joined("t.Thing.blob"),
    );
    assert_eq!(compared(&lines).len(), 3, "{lines:?}");
}

#[test]
fn messages_are_joined_only_where_nothing_stands_between() {
    let kinds = || vec![ask("a"), answer("x"), ask("b"), status(Code::OK)];
    let rules = joined("t.Thing.name");
    assert_eq!(printed(kinds(), &rules)[0], "-> Thing { name: \"ab\" }");
    let rules = Rules {
        conversation: Conversation::Interleaved,
        ..rules
    };
    assert_eq!(printed(kinds(), &rules)[0], "-> Thing { name: \"a\" }");
}

#[test]
fn messages_of_a_set_are_sorted_by_their_key_and_by_nothing_else() {
    let rules = Rules {
        requests: Messages::SetBy {
            key: "t.Thing.took_ms",
        },
        ..Rules::new(OUTER)
    };
    let order = |kinds: Vec<EventKind>| printed(kinds, &rules);
    let (one, two, ten) = (chunk("z", b"", 1), chunk("y", b"", 2), chunk("x", b"", 10));
    let sorted = order(vec![one.clone(), two.clone(), ten.clone()]);
    assert_eq!(sorted, order(vec![ten, one.clone(), two.clone()]));
    assert!(sorted[0].contains("\"z\"") && sorted[2].contains("\"x\""));
    // Two with one key, and one without: the order of what belongs together counts.
    let again = chunk("a", b"", 2);
    assert_ne!(
        order(vec![two.clone(), again.clone()]),
        order(vec![again, two.clone()])
    );
    assert!(order(vec![two, ask("none")])[0].contains("\"none\""));
}

#[test]
fn a_side_within_its_bound_prints_alike_and_one_beyond_it_differs() {
    let rules = |side, at_most| Rules {
        ahead: Some(Ahead { side, at_most }),
        ..Rules::new(OUTER)
    };
    let turns = || {
        vec![
            ask("1"),
            answer("a"),
            ask("2"),
            answer("b"),
            status(Code::OK),
        ]
    };
    let both = || {
        vec![
            ask("1"),
            ask("2"),
            answer("a"),
            answer("b"),
            status(Code::OK),
        ]
    };
    let client = rules(Side::Client, 2);
    assert_eq!(printed(turns(), &client), printed(both(), &client));
    let last = |kinds, rules: &Rules| printed(kinds, rules).pop().unwrap_or_default();
    assert_eq!(
        last(both(), &client),
        "client: at most 2 messages ahead of edge"
    );
    let expected = "client: 2, more than 1, messages ahead of edge";
    assert_eq!(last(both(), &rules(Side::Client, 1)), expected);
    assert_eq!(
        last(both(), &rules(Side::Server, 0)),
        "edge: at most 0 messages ahead of client"
    );
}

/// What counts is the moment when a call begins: how many had begun by then, and how many messages had gone back.
#[test]
fn calls_that_a_call_has_caused_are_counted_against_its_messages() {
    let note = |steps: &[&str], at_most| {
        let mut begun = 0;
        let mut kinds = vec![(OUTER_1, request("1", None))];
        for step in steps {
            begun += u32::from(*step == "call");
            kinds.push(match *step {
                "call" => ((INNER, begun), request("inner", None)),
                "over" => ((INNER, begun), status(Code::OK)),
                _ => (OUTER_1, answer("a")),
            });
        }
        kinds.push((OUTER_1, status(Code::OK)));
        let kinds = kinds.into_iter();
        let kinds = kinds.map(|((hop, call), kind)| (hop, call, kind));
        let rules = Rules {
            caused_ahead: Some(at_most),
            ..Rules::new(OUTER)
        };
        let text = form(&events(kinds.collect()), &[rules, Rules::new(INNER)]);
        let note = text.lines().find(|line| line.contains("ahead"));
        note.unwrap_or_default().trim_start().to_owned()
    };
    let in_turn = ["call", "over", "back", "call", "over", "back"];
    let together = ["call", "call", "over", "back", "back"];
    let late = ["call", "over", "call", "back", "over", "back"];
    let kept = "edge: at most 2 calls ahead of its messages";
    for steps in [&in_turn[..], &together, &late, &[]] {
        assert_eq!(note(steps, 2), kept, "{steps:?}");
    }
    let kept = "edge: at most 1 calls ahead of its messages";
    assert_eq!(note(&in_turn, 1), kept);
    let broken = "edge: 2, more than 1, calls ahead of its messages";
    for steps in [&together[..], &late] {
        assert_eq!(note(steps, 1), broken, "{steps:?}");
    }
}

#[test]
fn a_field_that_does_not_count_is_shown_below_its_message() {
    let rules = Rules {
        uncounted: &["t.Thing.took_ms", "t.Part.tags"],
        ..Rules::new(OUTER)
    };
    let thing = Thing {
        name: "n".to_owned(),
        parts: vec![Part {
            tags: vec!["t".to_owned()],
        }],
        took_ms: 7,
        ..Default::default()
    };
    let kinds = vec![message(Side::Client, thing.encode_to_vec())];
    let text = form(&call(kinds), &[rules]);
    let expected = "    -> Thing { name: \"n\", parts: {} }
~     parts.tags: [\"t\"]
~     took_ms: 7
";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_end_of_a_call_says_what_the_other_side_had_not_said() {
    let rules = Rules {
        unsaid: true,
        ..Rules::new(OUTER)
    };
    let after_end = |kinds: Vec<EventKind>| {
        let lines = printed(kinds, &rules);
        let ends = [
            "<- NOT_FOUND",
            "-> cancel",
            "<- cancel",
            "<- connection lost",
        ];
        let end = lines.iter().position(|line| ends.contains(&line.as_str()));
        let after = lines[end.expect("it ended") + 1..].iter();
        let after = after.filter(|line| line.starts_with("  ") && !line.contains("message:"));
        after.cloned().collect::<Vec<_>>()
    };
    let failed = || status(Code::NOT_FOUND);
    let open = ["  client had not half-closed"];
    assert_eq!(after_end(vec![ask("1"), failed()]), open);
    assert_eq!(after_end(vec![cancel(Side::Server)]), open);
    assert!(after_end(vec![EventKind::HalfClose, failed()]).is_empty());
    for (before, expected) in [
        (vec![], "  edge had not answered"),
        (
            vec![headers()],
            "  edge had sent its headers and no message",
        ),
        (
            vec![headers(), answer("a")],
            "  edge had sent 1 message and no status",
        ),
        (
            vec![answer("a"), answer("b")],
            "  edge had sent 2 messages and no status",
        ),
    ] {
        let kinds = before.into_iter().chain([cancel(Side::Client)]).collect();
        let lines = printed(kinds, &rules);
        assert!(
            lines.contains(&expected.to_owned()),
            "{expected}: {lines:?}"
        );
    }
}
