//! Scenes of hand-made transcripts.

use super::*;

fn scene_of(lines: &str) -> Scene {
    let text = format!("wirebook-transcript 2\n{lines}");
    let transcript = text.parse().expect("a transcript");
    scene(&transcript, &together::read(&transcript)).expect("it has a call")
}

/// The rows of a call with these arrows: kind, label, detail.
fn rows(arrows: &str) -> Vec<(Kind, String, String)> {
    let scene = scene_of(&format!("  call 1  a > b  /c.D/E\n{arrows}"));
    let arrow = |row| match row {
        Row::Begin(_) | Row::Resume(_) | Row::Note { .. } | Row::More { .. } => None,
        Row::Arrow {
            kind,
            labels,
            detail,
            ..
        } => Some((kind, labels.join(" + "), detail)),
    };
    scene.rows.into_iter().filter_map(arrow).collect()
}

#[test]
fn arrows_have_kind_label_and_detail() {
    let pair = Kind::Metadata;
    for (arrow, kind, label, detail) in [
        ("-> x-id: demo-1", pair, "x-id: demo-1", ""),
        ("-> grpc-timeout: 2s", pair, "grpc-timeout: 2s", ""),
        ("-> Request", Kind::Message, "Request", ""),
        ("-> Request {}", Kind::Message, "Request", ""),
        ("-> A { b: { c: 1 } }", Kind::Message, "A", "b: { c: 1 }"),
        ("-> \"OK\" { b: 1 }", Kind::Message, "OK", "b: 1"),
        ("-> 12 bytes", Kind::Bytes, "12 bytes", ""),
        (
            "-> 3 compressed bytes",
            Kind::Bytes,
            "3 compressed bytes",
            "",
        ),
        (
            "-> 40 bytes, not a B",
            Kind::Undecodable,
            "40 bytes",
            "not decodable as B",
        ),
        ("-> half-close", Kind::HalfClose, "half-close", ""),
        ("<- OK", Kind::Ok, "OK", ""),
        ("<- NOT_FOUND", Kind::Failed, "NOT_FOUND", ""),
        ("<- CODE_17", Kind::Failed, "CODE_17", ""),
        ("-> cancel", Kind::Cancel, "cancel", ""),
        (
            "<- reset, HTTP/2 error 7",
            Kind::Cut,
            "reset, HTTP/2 error 7",
            "REFUSED_STREAM",
        ),
        (
            "<- reset, HTTP/2 error 14",
            Kind::Cut,
            "reset, HTTP/2 error 14",
            "",
        ),
        ("<- connection lost", Kind::Cut, "connection lost", ""),
        (
            "<- malformed: no status",
            Kind::Malformed,
            "malformed",
            "no status",
        ),
        ("<- nothing yet", Kind::Pending, "nothing yet", ""),
    ] {
        let expected = (kind, label.to_owned(), detail.to_owned());
        assert_eq!(rows(&format!("    {arrow}\n")), [expected], "{arrow}");
    }
}

#[test]
fn consecutive_metadata_is_one_arrow_that_names_each_pair() {
    let rows = rows("    -> x-a: 1\n    -> x-b: 2\n    <- x-c: 3\n");
    let all: Vec<_> = rows.iter().map(|(_, labels, _)| labels.as_str()).collect();
    assert_eq!(all, ["x-a: 1 + x-b: 2", "x-c: 3"]);
}

#[test]
fn metadata_that_is_only_shown_is_left_to_the_text() {
    let shown = scene_of("  call 1  a > b  /c.D/E\n~   -> x-a: 1\n~   -> grpc-timeout: 2s\n");
    let Row::Arrow { labels, .. } = &shown.rows[1] else {
        panic!("the deadline is an arrow");
    };
    assert_eq!(labels, &["grpc-timeout: 2s"]);
    assert_eq!(shown.rows.len(), 2);
}

#[test]
fn nested_call_lies_within_its_callers_band() {
    let scene = scene_of(
        "  call 1  client > edge  /a.B/C
    -> x-a: 1
    -> x-b: 2
    call 2  edge > host  /m.H/R
      <- OK
    <- OK
  call 3  client > edge  /a.B/C
",
    );
    assert_eq!(scene.parties, ["client", "edge", "host"]);
    assert_eq!(scene.rows.len(), 6, "the metadata is one row");
    let last: Vec<_> = scene.calls.iter().map(|call| call.last_row).collect();
    assert_eq!(last, [4, 3, 5]);
    let Row::Arrow { call, labels, .. } = &scene.rows[4] else {
        panic!("the last status is an arrow");
    };
    assert_eq!((*call, labels[0].as_str()), (0, "OK"));
}

#[test]
fn whoever_calls_stands_first() {
    let calls = "  call 1  edge > host  /m.H/R\n  call 2  client > edge  /a.B/C\n";
    assert_eq!(scene_of(calls).parties, ["client", "edge", "host"]);
    let circle = "  call 1  a > b  /c.D/E\n  call 2  b > a  /c.D/E\n  call 3  a > a  /c.D/E\n";
    assert_eq!(scene_of(circle).parties, ["a", "b"]);
}

#[test]
fn deadline_is_that_of_its_own_call() {
    let scene = scene_of(
        "  call 1  client > edge  /a.B/C
    -> x-a: 1
    -> grpc-timeout: 290ms
    call 2  edge > host  /m.H/R
      -> grpc-timeout: within what is left of the caller's
",
    );
    let deadlines: Vec<_> = scene
        .calls
        .iter()
        .map(|call| (call.deadline.as_deref(), call.deadline_row))
        .collect();
    assert_eq!(deadlines, [(Some("290ms"), Some(1)), (None, Some(3))]);
}

#[test]
fn what_is_told_of_an_arrow_stands_with_it() {
    let scene = scene_of(
        "  call 1  a > b  /c.D/E
    -> Part { data: 900 bytes #6af308b2 }
~     in 3 messages
    <- RESOURCE_EXHAUSTED
~     message: \"a had no room\"
      a had not half-closed
      details: google.rpc.RetryInfo {}
    a: at most 4 messages ahead of b
",
    );
    let told = |row: &Row| match row {
        Row::Arrow { told, .. } => told.join("; "),
        Row::Note { text, call } => format!("{call:?}: {text}"),
        row => format!("{row:?}"),
    };
    let told: Vec<_> = scene.rows[1..].iter().map(told).collect();
    let expected = [
        "in 3 messages",
        "a had not half-closed",
        "Some(0): a: at most 4 messages ahead of b",
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.calls[0].last_row, 3, "the note is within its call");
}

#[test]
fn what_is_told_of_a_call_is_not_told_of_one_within_it() {
    let scene = scene_of(
        "  call 1  a > b  /c.D/E
    -> Q {}
    -> cancel
      b had sent 1 message and no status
    call 2  b > h  /m.H/R
      <- nothing yet
",
    );
    let of: Vec<_> = scene
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::Arrow { call, told, .. } if !told.is_empty() => Some((*call, told.len())),
            _ => None,
        })
        .collect();
    assert_eq!(of, [(0, 1)]);
}

#[test]
fn rows_that_are_left_out_belong_to_their_call() {
    let items = "    <- Item {}\n".repeat(40);
    let scene = scene_of(&format!("  call 1  a > b  /c.D/E\n{items}    <- OK\n"));
    let more = Row::More {
        call: 0,
        direction: Some(Direction::Response),
        text: "36 more Item".to_owned(),
    };
    assert_eq!(scene.rows[4], more);
    assert_eq!((scene.rows.len(), scene.calls[0].last_row), (7, 6));
}

#[test]
fn conversation_is_drawn_as_it_came() {
    let scene = scene_of(
        "  call 1  a > b  /c.D/E
    -> Event { id: 1 }
    <- Event { id: 1 }
    -> half-close
    <- Event { id: 2 }
    <- cancel
  call 2  a > b  /c.D/E
    -> Event { id: 3 }
    call 3  b > h  /m.H/R
      -> T {}
      <- connection lost
    <- Event { id: 3 }
    -> Event { id: 4 }
    <- nothing yet
",
    );
    let drawn = |row: &Row| match row {
        Row::Begin(call) => format!("call {}", scene.calls[*call].number),
        Row::Arrow {
            direction, labels, ..
        } => {
            let arrow = match direction {
                Direction::Request => "->",
                Direction::Response => "<-",
            };
            format!("{arrow} {}", labels.join(" "))
        }
        row => format!("{row:?}"),
    };
    let rows: Vec<_> = scene.rows[1..].iter().map(drawn).collect();
    let expected = [
        "call 1",
        "-> Event",
        "<- Event",
        "-> half-close",
        "<- Event",
        "<- cancel",
        "call 2",
        "-> Event",
        "call 3",
        "-> T",
        "<- connection lost",
        "<- Event",
        "-> Event",
        "<- nothing yet",
    ];
    assert_eq!(rows, expected);
    let Row::Note { call: None, text } = &scene.rows[0] else {
        panic!("the first row says where calls to h stand");
    };
    assert!(text.starts_with("A call to h stands where it was answered"));
}
