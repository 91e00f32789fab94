//! What the host was asked and answered, what the edge said of itself, and the mistakes that show in it.

use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::model::v1::model_host_server;
use stage::hop::{CLIENT_EDGE, EDGE_HOST};
use tap::{Call, Code, EventKind, Side};

use super::SHORT_NAME;
use crate::common::health::{CHECK_METHOD, HealthCheckRequest, HealthCheckResponse, SERVING};
use checks::{Diagnosis, Evidence, message};

/// The method that answers with a stream.
const WATCH_METHOD: &str = "/grpc.health.v1.Health/Watch";

/// The names under which the host was asked for its health.
fn asked(evidence: &Evidence<'_>) -> Vec<String> {
    let calls = evidence.calls_to(EDGE_HOST, CHECK_METHOD);
    calls
        .iter()
        .filter_map(|call| message(call, Side::Client))
        .map(|request: HealthCheckRequest| request.service)
        .collect()
}

/// When the edge was first seen to say SERVING under this name.
fn first_serving(evidence: &Evidence<'_>, name: &str) -> Option<u64> {
    let calls = evidence.calls_to(CLIENT_EDGE, CHECK_METHOD);
    calls.iter().find_map(|call| {
        let request: HealthCheckRequest = message(call, Side::Client)?;
        let response: HealthCheckResponse = message(call, Side::Server)?;
        let serving = response.status == SERVING && request.service == name;
        serving.then(|| call.events.last().map(|event| event.seq))?
    })
}

/// One of the host's answers about its health.
struct Answer {
    /// When it arrived.
    seq: u64,
    /// The code of its status.
    code: Code,
    /// The message of its status.
    words: String,
    /// Whether its status has details.
    detailed: bool,
    /// What goes with it under `x-ticket`.
    ticket: Option<String>,
    /// The health in it, where it has one.
    status: Option<i32>,
}

impl Answer {
    fn of(call: &Call<'_>) -> Option<Self> {
        let response: Option<HealthCheckResponse> = message(call, Side::Server);
        call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status {
                code,
                message,
                details,
                metadata,
            } => Some(Self {
                seq: event.seq,
                code: *code,
                words: message.clone(),
                detailed: !details.is_empty(),
                ticket: metadata
                    .iter()
                    .find_map(|(key, value)| (key == "x-ticket").then(|| value.clone())),
                status: response.as_ref().map(|response| response.status),
            }),
            _ => None,
        })
    }

    /// Its state, by its name.
    fn state(&self) -> Option<String> {
        let status = self.status.filter(|_| self.code == Code::OK)?;
        Some(match status {
            0 => "UNKNOWN, which is an empty message".to_owned(),
            1 => "SERVING".to_owned(),
            2 => "NOT_SERVING".to_owned(),
            3 => "SERVICE_UNKNOWN".to_owned(),
            number => format!("a state with the number {number}, which nobody knows"),
        })
    }
}

/// What the host answered, in order.
fn answers(evidence: &Evidence<'_>) -> Vec<Answer> {
    let calls = evidence.calls_to(EDGE_HOST, CHECK_METHOD);
    calls.iter().filter_map(Answer::of).collect()
}

/// The host's last answer before the edge was first seen to say SERVING. `None` where the edge did not say it, the
/// inner one where there was no answer yet.
fn known_when_serving(evidence: &Evidence<'_>) -> Option<Option<Answer>> {
    let serving = first_serving(evidence, SERVICE_NAME)?;
    let mut answers = answers(evidence);
    answers.retain(|answer| answer.seq < serving);
    Some(answers.pop())
}

/// What the function returned, each with the answer of the host before it. Nothing where the two cannot be told apart,
/// since the host was asked more or less often than the function returned.
fn returned<'a>(evidence: &Evidence<'a>) -> Vec<(usize, &'a str, Answer)> {
    let lines: Vec<_> = evidence.reported().collect();
    let answers = answers(evidence);
    if answers.len() != lines.len() {
        return Vec::new();
    }
    let strip = |line: &'a str| line.split_once(": ").map_or(line, |(_, returned)| returned);
    let lines = lines.into_iter().map(strip);
    let pairs = (1..).zip(lines).zip(answers);
    pairs
        .map(|((time, line), answer)| (time, line, answer))
        .collect()
}

/// What is missing from an error that the function returned with the right code.
fn lost(line: &str, answer: &Answer) -> Vec<&'static str> {
    let code = format!("{}, ", name(answer.code));
    let Some(rest) = line.strip_prefix(&code).filter(|_| answer.code != Code::OK) else {
        return Vec::new();
    };
    let ticket = answer.ticket.as_deref().unwrap_or_default();
    [
        (
            "message",
            !rest.starts_with(&format!("{:?}, ", answer.words)),
        ),
        (
            "details",
            answer.detailed && rest.contains(", no details, "),
        ),
        ("metadata", !rest.contains(&format!("x-ticket: {ticket}"))),
    ]
    .into_iter()
    .filter_map(|(what, lost)| lost.then_some(what))
    .collect()
}

fn name(code: Code) -> String {
    format!("{:?}", tonic::Code::from_i32(code.number()))
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "watched",
        seen: |evidence| {
            let watched = evidence.calls_to(EDGE_HOST, WATCH_METHOD).len();
            (watched > 0 && asked(evidence).is_empty()).then(|| {
                format!("The host was asked by Watch ({watched} times), and never by Check.")
            })
        },
        usually: "`watch` is a stream of every change, which stays open. To ask once, call `check`.",
    },
    Diagnosis {
        name: "health-never-asked",
        seen: |evidence| {
            let silent = !evidence.cut_short() && asked(evidence).is_empty();
            let returned = evidence.reported().count();
            (silent && returned > 0).then(|| {
                format!("Your function returned {returned} times, and the host was never asked for its health.")
            })
        },
        usually: "An edge whose host is away cannot serve, and can know that only from the host: call `check` of a \
                  `HealthClient`, and await the answer.",
    },
    Diagnosis {
        name: "whole-server-asked",
        seen: |evidence| {
            let asked = asked(evidence);
            asked
                .iter()
                .any(String::is_empty)
                .then(|| "The host was asked for its health under the empty name.".to_owned())
        },
        usually: "The empty name stands for the server as a whole. It may be up while the one service that you need is \
                  not: set `service` to the service's full name.",
    },
    Diagnosis {
        name: "short-name-asked",
        seen: |evidence| {
            let full = model_host_server::SERVICE_NAME;
            let asked = asked(evidence);
            let other = asked.iter().find(|name| *name != full)?;
            Some(format!(
                "The host was asked for the health of {other:?}. Its service is {full:?}."
            ))
        },
        usually: "A service's full name has its package in front. The generated code has it as \
                  `model_host_server::SERVICE_NAME`.",
    },
    Diagnosis {
        name: "serving-too-early",
        seen: |evidence| {
            known_when_serving(evidence)?
                .is_none()
                .then(|| "Your edge said SERVING while the host had not answered yet.".to_owned())
        },
        usually: "A load balancer sends calls from that moment on: ask first, await the answer, and report after that.",
    },
    Diagnosis {
        name: "asked-again",
        seen: |evidence| {
            let (asked, returned) = (asked(evidence).len(), evidence.reported().count());
            (evidence.did_not_finish() && asked > returned + 1).then(|| {
                let returned = match returned {
                    0 => "has not returned".to_owned(),
                    1 => "has returned once".to_owned(),
                    times => format!("has returned {times} times"),
                };
                format!("The host was asked {asked} times, and your function {returned}.")
            })
        },
        usually: "Usually a loop asks again before what the last answer says is returned. The caller decides when to ask again: \
                  ask once, and return the error if there is one.",
    },
    Diagnosis {
        name: "failure-ignored",
        seen: |evidence| {
            let known = known_when_serving(evidence)??;
            let failed = known.code != Code::OK || known.status.is_none();
            failed.then(|| match known.code {
                Code::OK => "The host's answer could not be read, and then your edge said SERVING."
                    .to_owned(),
                code => format!("The host answered with {code}, and then your edge said SERVING."),
            })
        },
        usually: "A host of which nobody knows how it is counts as one that does not serve. `?` returns the error \
                  before anything is reported.",
    },
    Diagnosis {
        name: "not-serving-ignored",
        seen: |evidence| {
            let known = known_when_serving(evidence)??;
            let state = known.state().filter(|_| known.status != Some(SERVING))?;
            Some(format!(
                "The host answered {state}, and then your edge said SERVING."
            ))
        },
        usually: "Such an answer is not an error, so `?` lets it through: the call went well, and what it says is in \
                  the message. Look at its `status()`: only `Serving` is a yes.",
    },
    Diagnosis {
        name: "error-not-returned",
        seen: |evidence| {
            let mut returned = returned(evidence).into_iter();
            let (time, line, answer) = returned.find(|(_, line, answer)| match answer.code {
                Code::OK => answer.status.is_none() && *line == "done",
                code => !line.starts_with(&name(code)),
            })?;
            let came = line.split(',').next().unwrap_or(line);
            let came = if came == "done" { "Ok" } else { came };
            Some(match answer.code {
                Code::OK => {
                    format!(
                        "Time {time}, the host's answer could not be read, and your function returned {came}."
                    )
                }
                code => format!(
                    "Time {time}, the host answered with {code}, and your function returned {came}."
                ),
            })
        },
        usually: "The caller must know that nothing is known of the host. `?` returns the status as it came.",
    },
    Diagnosis {
        name: "error-made-anew",
        seen: |evidence| {
            let mut returned = returned(evidence).into_iter();
            let (time, answer, lost) = returned.find_map(|(time, line, answer)| {
                let lost = lost(line, &answer);
                (!lost.is_empty()).then_some((time, answer, lost))
            })?;
            Some(format!(
                "Time {time}, the host answered with {}, and your function returned that code without the host's {}.",
                answer.code,
                lost.join(", ")
            ))
        },
        usually: "A new status holds your own words, and what the host said is lost. Return the one that came: `?`, or \
                  `Err(status)`.",
    },
    Diagnosis {
        name: "answer-taken-for-error",
        seen: |evidence| {
            let mut returned = returned(evidence).into_iter();
            let (time, line, state) = returned.find_map(|(time, line, answer)| {
                let state = answer.state().filter(|_| line != "done")?;
                Some((time, line, state))
            })?;
            let code = line.split(',').next().unwrap_or(line);
            Some(format!(
                "Time {time}, the host answered {state}, and your function returned the error {code}."
            ))
        },
        usually: "A host that does not serve has answered all the same: the call went well, and nothing failed. Return \
                  `Ok(())` and report nothing.",
    },
    Diagnosis {
        name: "short-name-reported",
        seen: |evidence| {
            first_serving(evidence, SHORT_NAME).map(|_| {
                format!(
                    "Your edge says SERVING under {SHORT_NAME:?}, and not under {SERVICE_NAME:?}."
                )
            })
        },
        usually: "The name has its package in front; `set_serving::<DocumentClassifierServer<Edge>>()` takes it from the \
                  generated code, where nobody can misspell it.",
    },
    Diagnosis {
        name: "never-serving",
        seen: |evidence| {
            let serves = |answer: &Answer| answer.status == Some(SERVING);
            let silent = first_serving(evidence, SERVICE_NAME).is_none();
            let times = evidence.calls_to(CLIENT_EDGE, CHECK_METHOD).len();
            (silent && times > 0 && answers(evidence).iter().any(serves))
                .then(|| "The host answered SERVING, and your edge never said it.".to_owned())
        },
        usually: "No load balancer would send it a call. Usually the report is missing, or its `.await` is: \
                  `set_serving` alone does nothing.",
    },
];
