//! Runs made by hand that hang, and what is said of them.

use std::time::Duration;

use anyhow::Result;
use proto::control::v1::{Job, Listening, from_program};
use stage::hop::{CLIENT_EDGE, CLIENT_SERVER, EDGE_HOST};
use stage::{Gates, Hang, Idleness, Inputs, Source};
use tap::{CallInfo, CallPlan, Code, Event, EventKind, Hop, Rules, Side};

use super::*;
use crate::testing::run;

/// A scenario with this peer, which holds back the answers to calls of this path.
struct Held(Peer, &'static str);

#[stage::async_trait]
impl Scenario for Held {
    fn peer(&self) -> Peer {
        match self.0 {
            Peer::Bytes => Peer::Bytes,
            Peer::Server => Peer::Server,
            Peer::Edge => Peer::Edge,
        }
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules::new(CLIENT_SERVER),
            Rules::new(CLIENT_EDGE),
            Rules::new(EDGE_HOST),
        ]
    }

    async fn inputs(&self, _source: &mut Source<'_>) -> Result<Inputs> {
        Ok(Inputs::default())
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let held = call.path.ends_with(self.1);
        CallPlan {
            hold_answer: held.then(|| inputs.gates.named("gate")),
            ..CallPlan::default()
        }
    }
}

/// A call, with how far it has come.
struct Made {
    hop: Hop,
    path: &'static str,
    events: Vec<EventKind>,
}

fn request(path: &str) -> EventKind {
    EventKind::Request {
        path: path.to_owned(),
        metadata: Vec::new(),
        timeout: None,
    }
}

fn message(from: Side, text: &str) -> EventKind {
    // Field 1 of a RankRequest, and of a ClassifyRequest, is a text.
    let mut bytes = vec![10, text.len() as u8];
    bytes.extend(text.as_bytes());
    EventKind::Message {
        from,
        compressed: false,
        bytes: bytes.into(),
    }
}

fn ok() -> EventKind {
    EventKind::Status {
        code: Code::OK,
        message: String::new(),
        details: Default::default(),
        metadata: Vec::new(),
    }
}

const RANK: &str = "/model.v1.ModelHost/Rank";
const CLASSIFY: &str = "/classification.v1.DocumentClassifier/Classify";

/// A call with a request message of this text, half-closed, and what came then.
fn call(hop: Hop, path: &'static str, text: &str, then: &[EventKind]) -> Made {
    let mut events = vec![message(Side::Client, text), EventKind::HalfClose];
    events.extend_from_slice(then);
    Made { hop, path, events }
}

fn asked(text: &str, then: &[EventKind]) -> Made {
    call(CLIENT_SERVER, CLASSIFY, text, then)
}

/// A run of these calls that hung.
fn hung(scenario: &Held, made: &[Made], hang: Hang) -> Run {
    let mut run = run(Vec::new(), &[]);
    for (number, call) in (1..).zip(made) {
        let kinds = [request(call.path)].into_iter().chain(call.events.clone());
        for kind in kinds {
            run.events.push(Event {
                seq: run.events.len() as u64,
                at: Duration::ZERO,
                hop: call.hop,
                connection: 1,
                call: number,
                kind,
            });
        }
    }
    run.inputs.gates = Gates::default();
    run.end = End::Hung(hang);
    run.transcript = run
        .transcribed(scenario)
        .expect("the descriptors are there");
    run
}

fn said(scenario: &Held, made: &[Made], idleness: Idleness) -> String {
    let hang = Hang {
        idleness,
        told_to_stop: false,
    };
    waiting(scenario, &hung(scenario, made, hang)).expect("it hangs")
}

const CLIENT: Held = Held(Peer::Server, "nothing");
const EDGE: Held = Held(Peer::Edge, "nothing");

#[test]
fn run_that_does_not_hang_waits_for_nothing() {
    let mut run = hung(&CLIENT, &[asked("a", &[])], Hang::default());
    run.end = End::Finished(String::new());
    assert_eq!(waiting(&CLIENT, &run), None);
}

#[test]
fn client_that_made_no_call_has_sent_nothing() {
    assert_eq!(
        said(&CLIENT, &[], Idleness::Timer),
        "Your program has sent nothing at all, and your function has not returned. It waits for a time, such as a sleep."
    );
}

#[test]
fn client_whose_calls_are_over_waits_inside_itself_or_computes() {
    let calls = [asked("a", &[ok()]), asked("b", &[ok()])];
    let blocked = said(&CLIENT, &calls, Idleness::Blocked);
    assert!(
        blocked.starts_with("All 2 calls are over, and your function has not returned. It waits for something inside"),
        "{blocked}"
    );
    assert_eq!(
        said(&CLIENT, &calls[..1], Idleness::Busy),
        "The only call is over, and your function has not returned. Your program computes, and nothing comes of it."
    );
}

#[test]
fn open_call_is_named_by_its_number_and_what_it_is_about() {
    let calls = [asked("a", &[ok()]), asked("b", &[]), asked("c", &[ok()])];
    assert_eq!(
        said(&CLIENT, &calls, Idleness::Blocked),
        "Call 2 (Classify about \"b\") is open: your program has sent all of it, and no answer of the server has come."
    );
    assert!(said(&CLIENT, &calls, Idleness::Busy).ends_with("That leaves no time for its calls."));
}

#[test]
fn answer_that_is_held_back_is_held_back_on_purpose() {
    let scenario = Held(Peer::Server, "Classify");
    let calls = [asked("a", &[]), asked("b", &[])];
    assert_eq!(
        said(&scenario, &calls, Idleness::Blocked),
        "Calls 1 and 2 are open: your program has sent all of them, and no answer of the server has come. This is on \
         purpose: the course holds them back until your program has done what the task asks for."
    );
    // A gate that is open holds nothing back.
    let hang = Hang::default();
    let run = hung(&scenario, &calls, hang);
    run.inputs.gates.named("gate").open();
    let said = waiting(&scenario, &run).expect("it hangs");
    assert!(!said.contains("on purpose"), "{said}");
}

#[test]
fn stream_says_whether_it_was_half_closed_and_what_came() {
    let mut open = asked("a", &[message(Side::Server, "x")]);
    open.events.retain(|kind| *kind != EventKind::HalfClose);
    assert_eq!(
        said(&CLIENT, &[open], Idleness::Blocked),
        "Call 1 (Classify about \"a\") is open on your side: your program has sent 1 message and not half-closed, so the \
         server may wait for more."
    );
    let begun = asked(
        "a",
        &[message(Side::Server, "x"), message(Side::Server, "y")],
    );
    assert_eq!(
        said(&CLIENT, &[begun], Idleness::Blocked),
        "Call 1 (Classify about \"a\") is open: the server has sent 2 messages, and has not ended it."
    );
}

#[test]
fn server_is_told_of_the_call_that_it_has_not_answered() {
    let calls = [
        call(CLIENT_EDGE, CLASSIFY, "a", &[ok()]),
        call(CLIENT_EDGE, CLASSIFY, "b", &[]),
    ];
    assert_eq!(
        said(&EDGE, &calls, Idleness::Blocked),
        "Your program has not answered call 2 (Classify about \"b\"): it came in, and nothing went back."
    );
}

#[test]
fn server_is_told_of_the_answer_that_it_has_only_begun() {
    let headers = EventKind::Response {
        metadata: Vec::new(),
    };
    let begun = |then: &[EventKind]| {
        let then = [&[headers.clone()][..], then].concat();
        said(
            &EDGE,
            &[call(CLIENT_EDGE, CLASSIFY, "a", &then)],
            Idleness::Blocked,
        )
    };
    let open = "Your program has not ended call 1 (Classify about \"a\")";
    assert_eq!(
        begun(&[]),
        format!("{open}: the headers of the answer went back, and nothing behind them.")
    );
    assert_eq!(
        begun(&[message(Side::Server, "x")]),
        format!("{open}: 1 message went back, and no status.")
    );
}

#[test]
fn of_several_calls_it_is_said_of_each() {
    let answer = message(Side::Server, "x");
    let headers = EventKind::Response {
        metadata: Vec::new(),
    };
    let two = |hop, half_closed: bool, then: &[EventKind]| {
        let mut calls = ["a", "b"].map(|text| call(hop, CLASSIFY, text, then));
        for call in &mut calls {
            let is_kept = |kind: &EventKind| half_closed || *kind != EventKind::HalfClose;
            call.events.retain(is_kept);
        }
        let scenario = if hop == CLIENT_SERVER { &CLIENT } else { &EDGE };
        said(scenario, &calls, Idleness::Blocked)
    };
    let answer = std::slice::from_ref(&answer);
    let headers = std::slice::from_ref(&headers);
    for (said, of_it) in [
        (
            two(CLIENT_SERVER, false, answer),
            "your program has sent 1 message on each and not half-closed, so",
        ),
        (
            two(CLIENT_SERVER, true, answer),
            "the server has sent 1 message on each, and has not ended them.",
        ),
        (
            two(CLIENT_SERVER, true, headers),
            "the headers of the server's answers have come, and nothing behind them.",
        ),
        (
            two(CLIENT_EDGE, false, answer),
            "the client has sent 1 message on each and not half-closed, and they have not ended.",
        ),
        (
            two(CLIENT_EDGE, true, headers),
            "the headers of the answers went back, and nothing behind them.",
        ),
        (
            two(CLIENT_EDGE, true, answer),
            "1 message went back on each, and no status.",
        ),
    ] {
        assert!(
            said.contains("alls 1 and 2") && said.contains(of_it),
            "{said}"
        );
    }
}

#[test]
fn server_is_told_of_its_own_call_that_is_open() {
    let scenario = Held(Peer::Edge, "Rank");
    let calls = [
        call(CLIENT_EDGE, CLASSIFY, "a", &[]),
        call(EDGE_HOST, RANK, "a", &[]),
    ];
    let said = said(&scenario, &calls, Idleness::Blocked);
    assert!(
        said.contains("not answered call 1 (Classify about \"a\"): it came in"),
        "{said}"
    );
    assert!(
        said.contains("Call 2 (Rank about \"a\") is open: your program has sent all of it"),
        "{said}"
    );
    assert!(
        said.contains("This is on purpose: the course holds it back"),
        "{said}"
    );
}

#[test]
fn server_whose_calls_are_over_was_told_to_stop_or_is_waited_for() {
    let calls = [call(CLIENT_EDGE, CLASSIFY, "a", &[ok()])];
    let mut run = hung(&EDGE, &calls, Hang::default());
    let said = |run: &Run| waiting(&EDGE, run).expect("it hangs");
    assert!(said(&run).starts_with("Your program has not begun to serve"));
    run.messages
        .push(from_program::Kind::Listening(Listening::default()));
    assert_eq!(
        said(&run),
        "The only call that came to your program is over. The course waits for what your program is to do next by itself, \
         and it does nothing."
    );
    run.end = End::Hung(Hang {
        idleness: Idleness::Blocked,
        told_to_stop: true,
    });
    assert!(said(&run).contains(
        "It was told to stop, and your function has not returned. It waits for something"
    ));
}

#[test]
fn blocking_jobs_that_run_are_named() {
    let mut run = hung(&EDGE, &[], Hang::default());
    let job = |name: &str| Job {
        name: name.to_owned(),
    };
    for name in ["a", "b"] {
        run.messages.push(from_program::Kind::JobStarted(job(name)));
    }
    run.messages.push(from_program::Kind::JobEnded(job("a")));
    assert_eq!(
        waiting(&EDGE, &run).expect("it hangs"),
        "The blocking job of `b` is running: the course lets it end only when it has seen what the task asks for."
    );
}

#[test]
fn bytes_are_counted_on_both_sides() {
    let scenario = Held(Peer::Bytes, "");
    let mut run = run(vec![(Side::Client, vec![1]), (Side::Server, vec![2])], &[]);
    run.end = End::Hung(Hang {
        idleness: Idleness::Blocked,
        told_to_stop: false,
    });
    let said = |run: &Run| waiting(&scenario, run).expect("it hangs");
    assert!(
        said(&run).starts_with("Your program has sent 1 message, its peer has sent 1 message, and your function has not returned. No other message is on its way"),
        "{}",
        said(&run)
    );
    run.end = End::Hung(Hang {
        idleness: Idleness::Busy,
        told_to_stop: false,
    });
    assert!(said(&run).ends_with("Your program computes, and nothing comes of it."));
    run.bytes.clear();
    assert!(
        said(&run).starts_with("Your program has sent nothing at all, and neither has its peer.")
    );
}
