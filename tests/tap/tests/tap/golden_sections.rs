//! Golden files of what unary calls do not have: conversations, and sections beside the calls.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use tap::canonical::{self, HttpRequest, LogRecord};
use tap::{
    Ahead, Code, Conversation, Event, EventKind, Hop, Messages, Metadata, Order, Renderer, Rules,
    Side, Transcript,
};

use crate::golden::check;
use crate::testing::{Part, Thing, file_descriptor_set};

const HOP: Hop = Hop::new("client", "edge");

fn message(from: Side, bytes: Vec<u8>) -> EventKind {
    EventKind::Message {
        from,
        compressed: false,
        bytes: bytes.into(),
    }
}

/// An upload in two parts of different sizes, answers out of order, and an end before the client was done.
fn conversation() -> Vec<Event> {
    let part = |blob: &[u8], took_ms| {
        let thing = Thing {
            blob: blob.to_vec(),
            took_ms,
            ..Default::default()
        };
        message(Side::Client, thing.encode_to_vec())
    };
    let answer = |tag: &str| {
        let tags = vec![tag.to_owned()];
        message(Side::Server, Part { tags }.encode_to_vec())
    };
    let kinds = [
        EventKind::Request {
            path: "/t.S/Do".to_owned(),
            metadata: Metadata::new(),
            timeout: None,
        },
        EventKind::Response {
            metadata: vec![("x-served-by".to_owned(), "edge".to_owned())],
        },
        part(b"first", 1),
        part(b"second", 2),
        answer("a"),
        part(b"third", 3),
        answer("b"),
        EventKind::Status {
            code: Code::RESOURCE_EXHAUSTED,
            message: "too much".to_owned(),
            details: Bytes::new(),
            metadata: Metadata::new(),
        },
    ];
    let event = |(seq, kind)| Event {
        seq: seq as u64,
        at: Duration::ZERO,
        hop: HOP,
        connection: 1,
        call: 1,
        kind,
    };
    kinds.into_iter().enumerate().map(event).collect()
}

fn check_conversation(name: &str, rules: Rules) {
    let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
    let calls = canonical::calls(&conversation(), &[rules], &renderer);
    check(name, &Transcript::from_iter([calls]));
}

#[test]
fn conversation_apart() {
    let rules = Rules {
        requests: Messages::Joined {
            field: "t.Thing.blob",
        },
        uncounted: &["t.Thing.took_ms"],
        ahead: Some(Ahead {
            side: Side::Client,
            at_most: 2,
        }),
        unsaid: true,
        ..Rules::new(HOP)
    };
    check_conversation("conversation-apart", rules);
}

#[test]
fn conversation_interleaved() {
    let rules = Rules {
        conversation: Conversation::Interleaved,
        uncounted: &["t.Thing.took_ms"],
        ahead: Some(Ahead {
            side: Side::Client,
            at_most: 1,
        }),
        ..Rules::new(HOP)
    };
    check_conversation("conversation-interleaved", rules);
}

/// Three calls that one caused, and a message behind the second.
#[test]
fn calls_ahead_of_messages() {
    let host = Hop::new("edge", "host");
    let request = || EventKind::Request {
        path: "/t.S/Do".to_owned(),
        metadata: Metadata::new(),
        timeout: None,
    };
    let status = || EventKind::Status {
        code: Code::OK,
        message: String::new(),
        details: Bytes::new(),
        metadata: Metadata::new(),
    };
    let tags = vec!["a".to_owned()];
    let answer = message(Side::Server, Part { tags }.encode_to_vec());
    let kinds = [
        (HOP, 1, request()),
        (host, 1, request()),
        (host, 1, status()),
        (host, 2, request()),
        (HOP, 1, answer),
        (host, 2, status()),
        (host, 3, request()),
        (host, 3, status()),
        (HOP, 1, status()),
    ];
    let event = |(seq, (hop, call, kind))| Event {
        seq: seq as u64,
        at: Duration::ZERO,
        hop,
        connection: 1,
        call,
        kind,
    };
    let events: Vec<_> = kinds.into_iter().enumerate().map(event).collect();
    let rules = [
        Rules {
            caused_ahead: Some(1),
            ..Rules::new(HOP)
        },
        Rules::new(host),
    ];
    let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
    let calls = canonical::calls(&events, &rules, &renderer);
    check("calls-ahead", &Transcript::from_iter([calls]));
}

#[test]
fn sections_beside_the_calls() {
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let request = |path: &str, status, answer: &[&str]| HttpRequest {
        method: "GET".to_owned(),
        path: path.to_owned(),
        status,
        answer: answer.iter().map(|line| (*line).to_owned()).collect(),
    };
    let record = LogRecord {
        level: "WARN".to_owned(),
        message: "the host is not there".to_owned(),
        fields: vec![owned(("attempt", "2"))],
    };
    let times = [
        (Duration::ZERO, "call".to_owned()),
        (Duration::from_millis(1_500), "call again".to_owned()),
    ];
    let requests = [
        request("/health", Some(200), &["content-type: text/plain"]),
        request("/gone", None, &[]),
    ];
    let pairs = [("doc-002", "LETTER"), ("doc-001", "INVOICE")].map(owned);
    let transcript = Transcript::from_iter([
        canonical::http(&requests, Order::Exact),
        canonical::store(&pairs),
        canonical::log(&[record], Order::Exact),
        canonical::clock(&times),
        canonical::reported(&["doc-001: INVOICE".to_owned()], Order::Exact),
    ]);
    check("sections", &transcript);
}
