//! A program that calls, or is called.

use proto::control::v1::from_program;
use stage::hop::{CLIENT_EDGE, CLIENT_SERVER, EDGE_HOST};
use stage::{Hang, Run, Scenario};
use tap::{Call, CallInfo, EventKind, Hop, calls};

use super::jobs;
use super::open::{Progress, named};
use super::sentences::{all_calls_over, busy, counted, inside};

/// What is said of a program that is a client of the reference server.
pub(super) fn of_client(scenario: &dyn Scenario, run: &Run, hang: Hang) -> Vec<String> {
    let all = calls(&run.events);
    let made = all.iter().filter(|call| call.hop == CLIENT_SERVER).count();
    let mut sentences = open_calls(scenario, run, &all, CLIENT_SERVER, "server");
    if !sentences.is_empty() {
        sentences.extend(busy(hang));
        return sentences;
    }
    sentences.push(over(run, made));
    sentences.push(inside(hang));
    sentences
}

/// All calls of a client are over.
fn over(run: &Run, made: usize) -> String {
    let connected = run
        .events
        .iter()
        .any(|event| event.kind == EventKind::Connected);
    match made {
        0 if connected => {
            "Your program has connected and made no call, and your function has not returned."
                .to_owned()
        }
        0 => "Your program has sent nothing at all, and your function has not returned.".to_owned(),
        made => all_calls_over(made),
    }
}

/// What is said of a program that serves, and calls the host.
pub(super) fn of_server(scenario: &dyn Scenario, run: &Run, hang: Hang) -> Vec<String> {
    let all = calls(&run.events);
    let mut sentences = unanswered(scenario, run, &all);
    sentences.extend(open_calls(scenario, run, &all, EDGE_HOST, "host"));
    sentences.extend(jobs::sentence(&run.messages));
    if !sentences.is_empty() {
        sentences.extend(busy(hang));
        return sentences;
    }
    let serves = |kind: &from_program::Kind| matches!(kind, from_program::Kind::Listening(_));
    let came = all.iter().filter(|call| call.hop == CLIENT_EDGE).count();
    let calls = match came {
        0 => "No call came to your program".to_owned(),
        1 => "The only call that came to your program is over".to_owned(),
        came => format!("All {came} calls that came to your program are over"),
    };
    if !run.messages.iter().any(serves) {
        sentences.push("Your program has not begun to serve, so it cannot be called.".to_owned());
        sentences.push(inside(hang));
    } else if hang.told_to_stop {
        sentences.push(format!(
            "{calls}. It was told to stop, and your function has not returned."
        ));
        sentences.push(inside(hang));
    } else {
        sentences.push(format!(
            "{calls}. The course waits for what your program is to do next by itself, and it does nothing."
        ));
        sentences.extend(busy(hang));
    }
    sentences
}

/// The calls that the program has not answered.
fn unanswered(scenario: &dyn Scenario, run: &Run, all: &[Call<'_>]) -> Vec<String> {
    let sentence = |(progress, open): (Progress, Vec<&Call<'_>>)| {
        let calls = named(run, CLIENT_EDGE, &open);
        let one = open.len() == 1;
        let is = if one { "is" } else { "are" };
        let on_each = on_each(&open);
        let is_held = open.iter().any(|call| is_held(scenario, run, all, call));
        let reads_no_more = match is_held {
            true => {
                " This is on purpose: the client reads no more until your program has done what the task asks for."
            }
            false => "",
        };
        let said = match progress {
            Progress {
                half_closed: false,
                sent,
                begun,
                ..
            } => {
                let sent = counted(sent, "message");
                let back = match (begun, one) {
                    (true, true) => "it has not ended",
                    (true, false) => "they have not ended",
                    (false, _) => "nothing went back",
                };
                format!(
                    "{calls} {is} open: the client has sent {sent}{on_each} and not half-closed, and {back}."
                )
            }
            Progress { begun: false, .. } => {
                let it = if one { "it came in" } else { "they came in" };
                format!(
                    "Your program has not answered {}: {it}, and nothing went back.",
                    lower(&calls)
                )
            }
            Progress { answered: 0, .. } => format!(
                "Your program has not ended {}: the headers of the {} went back, and nothing behind them.",
                lower(&calls),
                if one { "answer" } else { "answers" }
            ),
            Progress { answered, .. } => {
                let answered = counted(answered, "message");
                format!(
                    "Your program has not ended {}: {answered} went back{on_each}, and no status.",
                    lower(&calls)
                )
            }
        };
        said + reads_no_more
    };
    by_progress(all, CLIENT_EDGE)
        .into_iter()
        .map(sentence)
        .collect()
}

/// The calls of the program that have not ended.
fn open_calls(
    scenario: &dyn Scenario,
    run: &Run,
    all: &[Call<'_>],
    hop: Hop,
    server: &str,
) -> Vec<String> {
    let mut sentences = Vec::new();
    for (progress, open) in by_progress(all, hop) {
        let calls = named(run, hop, &open);
        let (is, it) = match open.len() {
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        let on_each = on_each(&open);
        sentences.push(match progress {
            Progress { half_closed: false, sent, .. } => format!(
                "{calls} {is} open on your side: your program has sent {}{on_each} and not half-closed, so the {server} may wait for \
                 more.",
                counted(sent, "message")
            ),
            Progress { begun: false, .. } => {
                format!("{calls} {is} open: your program has sent all of {it}, and no answer of the {server} has come.")
            }
            Progress { answered: 0, .. } => format!(
                "{calls} {is} open: the headers of the {server}'s {} have come, and nothing behind them.",
                if open.len() == 1 { "answer" } else { "answers" }
            ),
            Progress { answered, .. } => format!(
                "{calls} {is} open: the {server} has sent {}{on_each}, and has not ended {it}.",
                counted(answered, "message")
            ),
        });
        if open.iter().any(|call| is_held(scenario, run, all, call)) {
            sentences.push(format!(
                "This is on purpose: the course holds {it} back until your program has done what the task asks for."
            ));
        }
    }
    sentences
}

/// What a number of messages is of, where it is that of several calls.
fn on_each(open: &[&Call<'_>]) -> &'static str {
    if open.len() == 1 { "" } else { " on each" }
}

/// The open calls of a hop, together where they have come equally far.
fn by_progress<'c, 'e>(all: &'c [Call<'e>], hop: Hop) -> Vec<(Progress, Vec<&'c Call<'e>>)> {
    let mut groups: Vec<(Progress, Vec<&Call<'_>>)> = Vec::new();
    for call in all.iter().filter(|call| call.hop == hop && !call.ended()) {
        let progress = Progress::of(call);
        match groups.iter_mut().find(|(of, _)| *of == progress) {
            Some((_, calls)) => calls.push(call),
            None => groups.push((progress, vec![call])),
        }
    }
    groups
}

/// Whether the tap holds back the call or its answer, and the gate is still closed, or the course plays the server.
fn is_held(scenario: &dyn Scenario, run: &Run, all: &[Call<'_>], call: &Call<'_>) -> bool {
    let Some(event) = run.events.iter().find(|event| event.seq == call.seq) else {
        return false;
    };
    let before = all
        .iter()
        .filter(|other| other.hop == call.hop && other.path == call.path && other.seq <= call.seq);
    let plan = scenario.plan(
        &run.inputs,
        &CallInfo {
            hop: call.hop,
            connection: event.connection,
            call: event.call,
            nth: u32::try_from(before.count()).unwrap_or(u32::MAX),
            path: call.path.to_owned(),
            metadata: call.metadata.clone(),
            timeout: call.timeout,
        },
    );
    let behind_some = plan.hold_after.map(|(_, gate)| gate);
    let gates = [
        plan.hold_request,
        plan.hold_answer,
        plan.hold_messages,
        behind_some,
    ];
    plan.script.is_some() || gates.iter().flatten().any(|gate| !gate.is_open())
}

/// The name of calls inside a sentence.
fn lower(named: &str) -> String {
    let mut characters = named.chars();
    let first = characters
        .next()
        .map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
