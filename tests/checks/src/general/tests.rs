//! Transcripts and runs made by hand, and what is said of them.

use proto::control::v1::{Panicked, from_program};
use tap::{Transcript, compare};

use super::*;
use crate::diagnose::diagnose;
use crate::testing::run;

/// Two calls about two documents, with metadata and a result, and what follows them.
fn transcript(edit: impl Fn(&str) -> String) -> Transcript {
    let call = |number, id: &str| {
        format!(
            "  call {number}  client > server  /a.B/Ask
    -> x-id: {id}
    -> Question
      document_id: \"{id}\"
      max: 1
    -> half-close
    <- Answer {{ type: LETTER }}
    <- OK
"
        )
    };
    let text = format!(
        "wirebook-transcript 2\n{}{}  connections
    client > server: 1
  reported
    doc-7: LETTER
    doc-9: LETTER
",
        call(1, "doc-7"),
        call(2, "doc-9")
    );
    edit(&text).parse().expect("a transcript")
}

/// The name of what is said of a run whose transcript is the expected one with this edit, and what is seen.
fn said(edit: impl Fn(&str) -> String) -> Option<(&'static str, String)> {
    let difference = compare(&transcript(str::to_owned), &transcript(edit));
    let diagnosed = diagnose(&[], &run(Vec::new(), &[]), difference.as_ref())?;
    Some((diagnosed.name, diagnosed.seen))
}

fn replaced(from: &str, to: &str) -> Option<(&'static str, String)> {
    assert!(
        transcript(str::to_owned).to_string().contains(from),
        "{from}"
    );
    said(|text| text.replacen(from, to, 1))
}

fn expect(said: Option<(&'static str, String)>, name: &str, seen: &str) {
    assert_eq!(said, Some((name_of(name), seen.to_owned())));
}

fn name_of(name: &str) -> &'static str {
    let known = GENERAL.iter().find(|known| known.name == name);
    known.expect("it is a general diagnosis").name
}

#[test]
fn nothing_is_said_of_a_run_without_a_difference() {
    assert_eq!(said(str::to_owned), None);
}

#[test]
fn field_is_named_with_both_values_and_its_document() {
    expect(
        replaced("      max: 1\n", "      max: 3\n"),
        "field-differs",
        "In the call of Ask about \"doc-7\", `max` of the request is 3, and 1 was expected.",
    );
    expect(
        replaced("      max: 1\n", ""),
        "field-differs",
        "In the call of Ask about \"doc-7\", `max` of the request is not set, and 1 was expected.",
    );
}

#[test]
fn one_value_in_all_calls_is_named_before_a_field_of_one() {
    expect(
        said(|text| text.replace("\"doc-9\"", "\"doc-7\"")),
        "one-value-for-all",
        "`document_id` is \"doc-7\" in all 2 calls of Ask.",
    );
}

/// What the server answers is not the program's, and follows from what it asked.
#[test]
fn answers_to_a_client_are_not_taken_for_its_own() {
    let other = |text: &str| text.replacen("type: LETTER }", "type: INVOICE }", 1);
    let named = said(other).map(|(name, _)| name);
    assert!(
        !matches!(named, Some("field-differs" | "one-value-for-all")),
        "{named:?}"
    );
    let edge = |text: &str| text.replace("client > server", "client > edge");
    let difference = compare(&transcript(edge), &transcript(|text| edge(&other(text))));
    let run = run(Vec::new(), &[]);
    let found = diagnose(&[], &run, difference.as_ref());
    assert_eq!(found.map(|it| it.name), Some("field-differs"));
}

#[test]
fn calls_too_few_and_too_many_are_counted() {
    let call = |text: &str| {
        let end = text.find("  call 2").expect("there are two");
        let start = text.find("  call 1").expect("there are two");
        text[start..end].to_owned()
    };
    expect(
        said(|text| {
            text.replacen(&call(text), "", 1)
                .replace("call 2", "call 1")
        }),
        "call-missing",
        "Ask was called once on client > server, and twice was expected: the one about \"doc-7\" is missing.",
    );
    expect(
        said(|text| {
            let call = call(text);
            let third = call.replace("call 1", "call 3");
            text.replacen("  connections", &format!("{third}  connections"), 1)
        }),
        "call-extra",
        "Ask was called 3 times on client > server, and twice was expected: \"doc-7\" came more than once.",
    );
}

#[test]
fn headers_and_ends_are_quoted() {
    expect(
        replaced("    -> x-id: doc-9\n", "    -> x-id: doc-7\n"),
        "headers-differ",
        "In the call of Ask about \"doc-9\", `-> x-id: doc-7` came where `-> x-id: doc-9` was expected.",
    );
    expect(
        replaced("    -> x-id: doc-9\n", ""),
        "headers-missing",
        "In the call of Ask about \"doc-9\", `-> x-id: doc-9` was expected and did not come.",
    );
    expect(
        replaced("    <- OK\n", "    <- INTERNAL\n"),
        "ended-otherwise",
        "In the call of Ask about \"doc-7\", `<- INTERNAL` came where `<- OK` was expected.",
    );
}

#[test]
fn what_stands_under_a_heading_is_compared_line_by_line() {
    expect(
        replaced("client > server: 1", "client > server: 2"),
        "connections-differ",
        "Under `connections` stands `client > server: 2`, and `client > server: 1` was expected.",
    );
    expect(
        replaced("    doc-9: LETTER\n", ""),
        "result-differs",
        "`doc-9: LETTER` was expected under `reported`, and is missing.",
    );
}

/// It says that the wire is right.
#[test]
fn result_is_not_named_where_the_wire_differs_too() {
    let both = |text: &str| {
        text.replacen("    doc-9: LETTER\n", "", 1).replacen(
            "    <- Answer { type: LETTER }\n",
            "",
            1,
        )
    };
    assert_eq!(said(both), None);
}

/// It has not made the connections that come later.
#[test]
fn counts_of_a_program_that_stands_still_are_no_mistake() {
    let fewer = |text: &str| text.replace("client > server: 1", "client > server: 0");
    let difference = compare(&transcript(str::to_owned), &transcript(fewer));
    let mut hung = run(Vec::new(), &[]);
    let named = diagnose(&[], &hung, difference.as_ref()).map(|it| it.name);
    assert_eq!(named, Some("connections-differ"));
    hung.end = stage::End::Hung(stage::Hang {
        idleness: stage::Idleness::Blocked,
        told_to_stop: false,
    });
    let named = diagnose(&[], &hung, difference.as_ref()).map(|it| it.name);
    assert_eq!(named, None);
}

/// What is said of a run that hung like this.
fn said_of_hung(run: stage::Run, idleness: stage::Idleness) -> Option<(&'static str, String)> {
    let mut run = run;
    run.end = stage::End::Hung(stage::Hang {
        idleness,
        told_to_stop: false,
    });
    let difference = compare(
        &transcript(str::to_owned),
        &transcript(|text| text.replacen("    doc-9: LETTER\n", "", 1)),
    );
    let diagnosed = diagnose(&[], &run, difference.as_ref())?;
    Some((diagnosed.name, diagnosed.seen))
}

#[test]
fn program_that_stands_still_is_not_told_of_what_it_has_not_done_yet() {
    let run = || run(Vec::new(), &[]);
    assert_eq!(said_of_hung(run(), stage::Idleness::Blocked), None);
    expect(
        said_of_hung(run(), stage::Idleness::Busy),
        "never-ends",
        "Your program computes, and nothing comes of it.",
    );
}

#[test]
fn call_that_is_open_is_not_told_of_what_did_not_come() {
    let open = "    <- nothing yet\n";
    assert_eq!(
        replaced("    <- Answer { type: LETTER }\n    <- OK\n", open),
        None
    );
}

#[test]
fn program_that_waits_for_bytes_has_received_too_often() {
    let bytes = vec![
        (tap::Side::Client, vec![1]),
        (tap::Side::Server, vec![2]),
        (tap::Side::Server, vec![3]),
    ];
    expect(
        said_of_hung(run(bytes, &[]), stage::Idleness::Blocked),
        "received-too-often",
        "Your program has sent 1 message, its peer has sent 2 messages, and your function has not returned.",
    );
}

fn call(number: u32, kinds: Vec<tap::EventKind>) -> Vec<tap::Event> {
    let request = tap::EventKind::Request {
        path: "/a.B/Ask".to_owned(),
        metadata: Vec::new(),
        timeout: None,
    };
    let message = tap::EventKind::Message {
        from: tap::Side::Client,
        compressed: false,
        bytes: b"about doc-7".as_slice().into(),
    };
    let kinds = [request, message].into_iter().chain(kinds);
    let event = |(at, kind)| tap::Event {
        seq: u64::from(number) * 10 + at,
        at: std::time::Duration::ZERO,
        hop: stage::hop::CLIENT_SERVER,
        connection: 1,
        call: number,
        kind,
    };
    (0..).zip(kinds).map(event).collect()
}

fn status(code: tap::Code) -> tap::EventKind {
    tap::EventKind::Status {
        code,
        message: String::new(),
        details: Default::default(),
        metadata: Vec::new(),
    }
}

#[test]
fn client_whose_calls_are_over_has_never_returned() {
    let mut over = run(Vec::new(), &[]);
    over.events = call(1, vec![status(tap::Code::OK)]);
    expect(
        said_of_hung(over.clone(), stage::Idleness::Blocked),
        "never-returned",
        "The only call is over, and your function has not returned.",
    );
    over.events.pop();
    assert_eq!(said_of_hung(over, stage::Idleness::Blocked), None);
}

#[test]
fn call_that_is_made_again_after_a_failure_is_named_by_that() {
    let twice = |code| {
        let first = call(1, vec![status(code)]);
        let mut run = run(Vec::new(), &[]);
        run.events = [first, call(2, vec![status(tap::Code::OK)])].concat();
        let difference = compare(
            &transcript(str::to_owned),
            &transcript(|text| {
                let start = text.find("  call 1").expect("there is one");
                let end = text.find("  call 2").expect("there are two");
                let again = text[start..end].replace("call 1", "call 3");
                text.replacen("  connections", &format!("{again}  connections"), 1)
            }),
        );
        let diagnosed = diagnose(&[], &run, difference.as_ref())?;
        Some((diagnosed.name, diagnosed.seen))
    };
    expect(
        twice(tap::Code::UNAVAILABLE),
        "called-again-after-failure",
        "The call of Ask about doc-7 was made again after it had ended with UNAVAILABLE.",
    );
    expect(
        twice(tap::Code::OK),
        "call-extra",
        "Ask was called 3 times on client > server, and twice was expected: \"doc-7\" came more than once.",
    );
}

#[test]
fn field_of_a_message_without_a_network_is_named() {
    let sent = |fields: &str| -> Transcript {
        let text = format!(
            "wirebook-transcript 2\n  peer > program  Ask {{ id: 1 }}\n  program > peer  Answer\n{fields}"
        );
        text.parse().expect("a transcript")
    };
    let expected = sent("    id: 1\n    text: \"a\"\n");
    let said = |fields: &str| {
        let difference = compare(&expected, &sent(fields));
        let diagnosed = diagnose(&[], &run(Vec::new(), &[]), difference.as_ref())?;
        Some((diagnosed.name, diagnosed.seen))
    };
    expect(
        said("    id: 1\n"),
        "sent-field-differs",
        "In message 1 of your program, `text` is not set, and \"a\" was expected.",
    );
    expect(
        said("    id: 2\n    text: \"a\"\n"),
        "sent-field-differs",
        "In message 1 of your program, `id` is 2, and 1 was expected.",
    );
    let expected = sent("    inner\n      id: 1\n");
    let difference = compare(&expected, &sent("    inner\n      id: 2\n"));
    let diagnosed = diagnose(&[], &run(Vec::new(), &[]), difference.as_ref());
    assert_eq!(diagnosed.map(|it| it.name), Some("sent-field-differs"));
}

#[test]
fn panic_comes_before_what_it_left_undone() {
    let difference = compare(
        &transcript(str::to_owned),
        &transcript(|text| text.replacen("    <- OK\n", "    <- nothing yet\n", 1)),
    );
    let mut run = run(Vec::new(), &[]);
    run.messages.push(from_program::Kind::Panicked(Panicked {
        message: "no value".to_owned(),
        file: "src/a.rs".to_owned(),
        line: 7,
    }));
    let diagnosed = diagnose(&[], &run, difference.as_ref()).expect("it is named");
    assert_eq!(
        diagnosed.seen,
        "Your program panicked at src/a.rs:7: no value"
    );
}
