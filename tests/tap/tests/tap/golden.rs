//! Transcripts of events made by hand, held to files: `golden/*.txt`, at least one for each kind of line.
//!
//! `TAP_GOLDEN=write cargo test -p tap golden` writes the files. Look at what changed before you commit it: a change of
//! what is there is a new version of the format.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use tap::{
    Code, Content, Count, Deadline, Event, EventKind, Hop, Metadata, Order, Renderer, ResetCode,
    Rules, Side, Transcript, View, canonical, exchange,
};

use crate::grammar::kind;
use crate::testing::{Part, Thing, file_descriptor_set};

const OUTER: Hop = Hop::new("client", "edge");
const INNER: Hop = Hop::new("edge", "host");

/// A method that takes a `Thing` and returns a `Part`.
const KNOWN: &str = "/t.S/Do";

/// A method that no descriptor has.
const UNKNOWN: &str = "/t.S/Other";

fn renderer() -> Renderer {
    Renderer::new(&file_descriptor_set()).expect("a valid contract")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tap/golden")
}

/// Compares a transcript with its file, and what is read from the file with the transcript.
pub fn check(name: &str, transcript: &Transcript) {
    let path = folder().join(format!("{name}.txt"));
    let text = transcript.to_string();
    if std::env::var_os("TAP_GOLDEN").is_some_and(|how| how == "write") {
        fs::write(&path, &text).expect("the file can be written");
    }
    let golden = fs::read_to_string(&path).expect("TAP_GOLDEN=write writes a file that is missing");
    assert_eq!(text, golden, "{name}: TAP_GOLDEN=write writes the file");
    assert_eq!(golden.parse().as_ref(), Ok(transcript), "{name}");
}

/// Events of one run, as they are added.
#[derive(Default)]
struct Run {
    events: Vec<Event>,
    /// When the next event is seen.
    now: Duration,
}

impl Run {
    fn add(&mut self, hop: Hop, call: u32, kind: EventKind) -> &mut Self {
        self.events.push(Event {
            seq: self.events.len() as u64,
            at: self.now,
            hop,
            connection: 1,
            call,
            kind,
        });
        self
    }

    /// A call that begins like this, and goes on like that.
    fn call(&mut self, hop: Hop, call: u32, path: &str, then: Vec<EventKind>) -> &mut Self {
        self.add(hop, call, request(path, &[], None));
        for kind in then {
            self.add(hop, call, kind);
        }
        self
    }

    fn check(&self, name: &str, rules: &[Rules]) {
        let transcript = Transcript::from_iter([
            canonical::calls(&self.events, rules, &renderer()),
            canonical::connections(&self.events, rules),
        ]);
        check(name, &transcript);
    }
}

fn metadata(pairs: &[(&str, &str)]) -> Metadata {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn request(path: &str, pairs: &[(&str, &str)], timeout: Option<Duration>) -> EventKind {
    EventKind::Request {
        path: path.to_owned(),
        metadata: metadata(pairs),
        timeout,
    }
}

fn message(from: Side, message: &impl prost::Message) -> EventKind {
    EventKind::Message {
        from,
        compressed: false,
        bytes: message.encode_to_vec().into(),
    }
}

fn status(code: Code, message: &str, pairs: &[(&str, &str)]) -> EventKind {
    EventKind::Status {
        code,
        message: message.to_owned(),
        details: Bytes::new(),
        metadata: metadata(pairs),
    }
}

fn ok() -> EventKind {
    status(Code::OK, "", &[])
}

fn thing(name: &str) -> Thing {
    Thing {
        name: name.to_owned(),
        ..Default::default()
    }
}

fn part(tags: &[&str]) -> Part {
    Part {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

#[test]
fn metadata_of_both_sides() {
    let sent = [
        ("x-id", "demo-1"),
        ("x-empty", ""),
        ("x-spaces", " a "),
        ("x-quotes", "\"a\""),
        ("malformed", "a key that reads as something else"),
    ];
    let mut run = Run::default();
    run.add(OUTER, 1, request(KNOWN, &sent, None))
        .add(OUTER, 1, EventKind::HalfClose)
        .add(
            OUTER,
            1,
            EventKind::Response {
                metadata: metadata(&[("x-served-by", "reference")]),
            },
        )
        .add(
            OUTER,
            1,
            status(Code::OK, "", &[("x-id", "demo-1"), ("x-cost", "3")]),
        );
    let rules = Rules {
        metadata: &["x-id", "x-empty"],
        ..Rules::new(OUTER)
    };
    run.check("metadata", &[rules]);
}

#[test]
fn deadlines() {
    let mut run = Run::default();
    let exact = [
        Duration::from_secs(30),
        Duration::from_millis(1_500),
        Duration::from_millis(250),
        Duration::from_micros(7),
        Duration::from_nanos(99),
        Duration::ZERO,
    ];
    for (call, timeout) in (1..).zip(exact) {
        run.add(OUTER, call, request(KNOWN, &[], Some(timeout)))
            .add(OUTER, call, ok());
    }
    let spent = Duration::from_millis(300);
    for (call, inner_ms) in [(7, 1_700), (8, 2_000), (9, 2)] {
        let timeout = Duration::from_secs(2);
        let inner = Duration::from_millis(inner_ms);
        run.add(OUTER, call, request(KNOWN, &[], Some(timeout)));
        run.now += spent;
        run.add(INNER, call, request(KNOWN, &[], Some(inner)))
            .add(INNER, call, ok())
            .add(OUTER, call, ok());
    }
    let outer = Rules {
        deadline: Deadline::Exact,
        ..Rules::new(OUTER)
    };
    let inner = Rules {
        deadline: Deadline::Left { spent },
        ..Rules::new(INNER)
    };
    run.check("deadlines", &[outer, inner]);
    let mut run = Run::default();
    run.add(OUTER, 1, request(KNOWN, &[], Some(exact[0])))
        .add(OUTER, 1, ok());
    run.check("deadline-shown", &[Rules::new(OUTER)]);
}

#[test]
fn messages() {
    let wide = Thing {
        name: "n".repeat(80),
        parts: vec![part(&["a", "b"]), part(&[])],
        weights: [("w".to_owned(), 0.985)].into(),
        kind: 7,
        blob: vec![1, 2],
        newer: 5,
        ..Default::default()
    };
    let then = vec![
        message(Side::Client, &Thing::default()),
        message(Side::Client, &thing("short \"name\"\n")),
        message(Side::Client, &wide),
        EventKind::HalfClose,
        message(Side::Server, &part(&["one", "two"])),
        ok(),
    ];
    let mut run = Run::default();
    run.call(OUTER, 1, KNOWN, then);
    run.check("messages", &[Rules::new(OUTER)]);
}

#[test]
fn bytes() {
    let raw = |from, compressed, bytes: &'static [u8]| EventKind::Message {
        from,
        compressed,
        bytes: Bytes::from_static(bytes),
    };
    let mut run = Run::default();
    let then = vec![
        raw(Side::Client, false, b"twelve bytes"),
        raw(Side::Server, false, b"1"),
        ok(),
    ];
    run.call(OUTER, 1, UNKNOWN, then);
    let then = vec![
        raw(Side::Client, true, b"seven b"),
        raw(Side::Client, false, b"\x0a\x05x"),
        raw(Side::Server, false, b"\x80"),
        ok(),
    ];
    run.call(OUTER, 2, KNOWN, then);
    run.check("bytes", &[Rules::new(OUTER)]);
}

#[test]
fn ends_of_calls() {
    let cancelled = |by, code| EventKind::Cancelled { by, code };
    let ends = [
        ok(),
        status(Code::NOT_FOUND, "no \"such\" thing", &[]),
        status(Code::from(17), "", &[]),
        EventKind::Status {
            code: Code::NOT_FOUND,
            message: String::new(),
            // A `google.rpc.Status` with a `google.rpc.RetryInfo` of 3 seconds, and a detail that nobody knows.
            details: Bytes::from_static(
                b"\x08\x05\x1a\x30\x0a\x28type.googleapis.com/google.rpc.RetryInfo\x12\x04\x0a\x02\x08\x03\
                  \x1a\x11\x0a\x0fexample.com/x.Y",
            ),
            metadata: metadata(&[]),
        },
        cancelled(Side::Client, ResetCode::CANCEL),
        cancelled(Side::Server, ResetCode::CANCEL),
        cancelled(Side::Server, ResetCode::REFUSED_STREAM),
        EventKind::Broken { side: Side::Client },
        EventKind::Broken { side: Side::Server },
        EventKind::Malformed {
            from: Side::Server,
            reason: "content-type is \"text/plain\", not application/grpc".to_owned(),
        },
    ];
    let mut run = Run::default();
    for (call, end) in (1..).zip(ends) {
        run.call(OUTER, call, KNOWN, vec![EventKind::HalfClose, end]);
    }
    run.check("ends", &[Rules::new(OUTER)]);
}

#[test]
fn calls_and_connections() {
    let mut run = Run::default();
    run.add(OUTER, 0, EventKind::Connected)
        .add(INNER, 0, EventKind::Connected)
        .add(INNER, 0, EventKind::Connected)
        .add(OUTER, 1, request(KNOWN, &[], None))
        .call(INNER, 1, KNOWN, vec![EventKind::HalfClose, ok()])
        .add(OUTER, 1, ok())
        .call(OUTER, 2, KNOWN, vec![ok()]);
    let rules = |outer, inner, open| {
        let outer = Rules {
            connections: outer,
            open,
            ..Rules::new(OUTER)
        };
        let inner = Rules {
            connections: inner,
            ..Rules::new(INNER)
        };
        [outer, inner]
    };
    let exact = rules(Count::Exact, Count::AtMost(1), Count::Exact);
    run.check("connections", &exact);
    let shown = rules(Count::Shown, Count::AtMost(2), Count::AtMost(3));
    run.check("connections-within", &shown);
}

#[test]
fn reported_values() {
    let reported = [
        "doc-001: INVOICE 0.97",
        "",
        " indented",
        "-> an arrow",
        "<- OK",
        "call 1  a > b  /c",
        "\"quoted\"",
        "two\nlines, \u{1b}[31mred",
        "0a 02  bytes",
        "~ shown",
        "client > edge: 1",
    ]
    .map(str::to_owned);
    let transcript = Transcript::from_iter([canonical::reported(&reported, Order::Exact)]);
    check("reported", &transcript);
    let reported_back = transcript.lines[1..]
        .iter()
        .map(|line| match &line.content {
            Content::Detail(text) => text.clone(),
            other => panic!("{other:?} is not a reported value"),
        });
    assert_eq!(reported_back.collect::<Vec<_>>(), reported);
}

#[test]
fn messages_without_a_network() {
    let renderer = renderer();
    let large = Thing {
        name: "n".repeat(200),
        parts: vec![part(&["t"])],
        newer: 300,
        ..Default::default()
    };
    let (large, small) = (large.encode_to_vec(), thing("small").encode_to_vec());
    let (program, peer) = ("program", "peer");
    let lines = [
        exchange(
            &renderer,
            program,
            peer,
            View::ExactBytes("t.Thing"),
            &large,
        ),
        exchange(
            &renderer,
            peer,
            program,
            View::ExactBytes("t.Thing"),
            &small,
        ),
        exchange(&renderer, peer, program, View::ExactBytes("t.Thing"), &[]),
        exchange(
            &renderer,
            program,
            peer,
            View::ExactBytes("t.Thing"),
            &[0x0a, 0x05, b'x'],
        ),
        exchange(&renderer, program, peer, View::Bytes("t.Thing"), &large),
        exchange(&renderer, peer, program, View::Bytes("t.Thing"), &small),
        exchange(&renderer, peer, program, View::Bytes("t.Thing"), &[0x80]),
        exchange(&renderer, program, peer, View::Fields("t.Thing"), &large),
        exchange(&renderer, peer, program, View::Fields("t.Thing"), &small),
        exchange(&renderer, program, peer, View::Fields("t.Thing"), &[0x80]),
        exchange(&renderer, program, peer, View::Fields("t.None"), &small),
    ];
    let lines = lines.concat();
    check("exchanges", &Transcript { lines });
}

/// A kind of line without a file would be free to change.
#[test]
fn every_kind_of_line_has_a_file() {
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(folder()).expect("there are files") {
        let path = entry.expect("it can be listed").path();
        let text = fs::read_to_string(&path).expect("it is text");
        let transcript: Transcript = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(transcript.to_string(), text, "{}", path.display());
        seen.extend(transcript.lines.iter().map(|line| kind(&line.content)));
    }
    assert_eq!(seen, crate::grammar::kinds());
}
