//! Eight questions: one answered late, one never, one whose answer stops behind its headers, three that fail, one with a
//! type of tomorrow, one with an id that no header can hold.

use std::time::Duration;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use stage::{Inputs, Peer, Scenario, Source, Stage, State, hop::CLIENT_SERVER};
use tap::{
    After, Call, CallInfo, CallPlan, Code, Deadline as DeadlineRule, Event, EventKind, Fault,
    Metadata, Rules, Side,
};

use crate::common::calls::newer_answer;
use crate::common::{
    CLASSIFY_METHOD, CORRELATION_ID, HEALTH_CHECKS, whole_status, whole_status_saying,
};
use checks::{Diagnosis, Evidence, message};

/// One question after the other, each with a deadline and a correlation id of its own.
pub(crate) struct Deadline;

/// What was drawn for each document, in their order.
struct Questions(Vec<Question>);

struct Question {
    id: String,
    deadline: Duration,
    correlation_id: String,
    end: End,
}

/// How the call about a document ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// With an answer, after longer than any deadline that passes in this run.
    Late,
    /// Not at all, before its deadline.
    Never,
    /// With the headers of an answer, and then with nothing before its deadline: tonic's own timer is over with the
    /// headers.
    Stalled,
    /// With a status.
    Status(Code),
    /// With the status of a deadline that the server saw pass.
    TooLate,
    /// With the answer of a newer server that this number decides.
    Newer(u64),
    /// With an answer. Its correlation id cannot be a metadata value.
    Unsendable,
}

/// How long the late answer waits.
const LATE: Duration = Duration::from_millis(600);

/// The gate that opens when it is late enough for the first answer.
const LATE_GATE: &str = "late";

/// The gate that stays closed.
const NEVER_GATE: &str = "never";

/// The ends of the calls that the client gives up, and for each the gate that opens then.
const GIVEN_UP: [(End, &str); 2] = [
    (End::Never, "given up without an answer"),
    (End::Stalled, "given up behind the headers"),
];

/// What a failure says that is no deadline. The server's own DEADLINE_EXCEEDED says nothing of the kind.
const MISLEADING: &str =
    "Timeout expired: upstream timeout, Deadline exceeded, deadline has elapsed, ";

/// The codes of which one is drawn. None says that a deadline passed, and tonic's own timer says CANCELLED.
const OTHER_CODES: [Code; 8] = [
    Code::UNKNOWN,
    Code::INVALID_ARGUMENT,
    Code::NOT_FOUND,
    Code::PERMISSION_DENIED,
    Code::RESOURCE_EXHAUSTED,
    Code::ABORTED,
    Code::INTERNAL,
    Code::DATA_LOSS,
];

#[stage::async_trait]
impl Scenario for Deadline {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            metadata: &[CORRELATION_ID],
            deadline: DeadlineRule::Exact,
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let seed = source.seed;
        let other = OTHER_CODES[seed.draw(30, OTHER_CODES.len() as u64) as usize];
        let mut ends = vec![
            End::Late,
            End::Never,
            End::Status(Code::UNAVAILABLE),
            End::Status(other),
            End::TooLate,
            End::Newer(seed.draw(33, 50)),
            End::Unsendable,
        ];
        // The first two stay where they are, and the program is still there when it has given up the last but one.
        seed.generator(34).shuffle(&mut ends[2..]);
        let last = ends.len() - 1;
        ends.insert(last, End::Stalled);
        let mut inputs = Inputs {
            documents: source.documents(ends.len()).await?,
            ..Inputs::default()
        };
        let ids = source.ids(ends.len())?;
        let mut questions = Vec::new();
        for (index, ((id, _), end)) in (0..).zip(inputs.documents.iter().zip(ends)) {
            // No two are the same, they do not rise, and no busy machine lets one of seconds pass.
            let deadline = match end {
                End::Never => Duration::from_millis(200 + 10 * seed.draw(31, 11)),
                // On a busy machine too, the headers are there first.
                End::Stalled => Duration::from_millis(1_500 + 10 * seed.draw(35, 31)),
                _ => Duration::from_secs(20 + (15 * index + seed.draw(32, 5)) % 40),
            };
            let number = ids[index as usize].replace("doc", "ask");
            let correlation_id = match end {
                // With a line break in it, which would be a header of its own if it got through.
                End::Unsendable => format!("{number}\r\nx-role: admin"),
                _ => number,
            };
            let milliseconds = deadline.as_millis().to_string();
            let mut set = |name, value| inputs.settings.insert(format!("{id} {name}"), value);
            set("deadline_ms", milliseconds);
            set("correlation_id", correlation_id.clone());
            questions.push(Question {
                id: id.clone(),
                deadline,
                correlation_id,
                end,
            });
        }
        inputs.state = State::new(Questions(questions));
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        // Client and server would race to notice the expiry, so only the client may notice it.
        let plan = CallPlan {
            strip_timeout: true,
            ..CallPlan::default()
        };
        if call.path != CLASSIFY_METHOD {
            return plan;
        }
        let Some(question) = question(inputs, &call.metadata, call.nth as usize) else {
            return plan;
        };
        let ticket = &question.id;
        let (gate, fault) = match question.end {
            End::Late => (Some(LATE_GATE), None),
            End::Never => (Some(NEVER_GATE), None),
            End::Stalled => (None, None),
            End::Status(code) => (None, Some(whole_status_saying(MISLEADING, code, ticket))),
            End::TooLate => (None, Some(whole_status(Code::DEADLINE_EXCEEDED, ticket))),
            End::Newer(number) => {
                let answer = newer_answer(ticket, number).encode_to_vec();
                (None, Some(Fault::answer(answer)))
            }
            End::Unsendable => (None, None),
        };
        // The question after one that is given up.
        let before = question_before(inputs, question);
        let given_up =
            before.and_then(|before| GIVEN_UP.iter().find(|(end, _)| *end == before.end));
        let gate = given_up.map(|(_, gate)| *gate).or(gate);
        let stalled = question.end == End::Stalled;
        CallPlan {
            hold_answer: gate.map(|name| inputs.gates.named(name)),
            hold_messages: stalled.then(|| inputs.gates.named(NEVER_GATE)),
            fault: fault.map(|fault| fault.after(After::Answers(0))),
            ..plan
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        stage
            .until(|events| !calls(inputs, events, End::Late).is_empty())
            .await;
        tokio::time::sleep(LATE).await;
        inputs.gates.named(LATE_GATE).open();
        // A client that has given up goes on at once, and its library resets the stream some time later. If the answer to
        // the next question came first, the program could end before the reset.
        for (end, gate) in GIVEN_UP {
            let given_up = |events: &[Event]| {
                let calls = calls(inputs, events, end);
                let ends = |event: &Event| calls.contains(&event.call) && event.kind.ends_call();
                events.iter().any(ends)
            };
            stage.until(given_up).await;
            inputs.gates.named(gate).open();
        }
        Ok(())
    }
}

/// The question that a call with this metadata asks: by its correlation id, so that a call that is made again ends as the
/// first one. A call without one that is known is taken for the question of its number, from 1.
fn question<'a>(inputs: &'a Inputs, metadata: &Metadata, nth: usize) -> Option<&'a Question> {
    let Questions(questions) = inputs.state.get()?;
    let known = questions
        .iter()
        .find(|question| correlation_id(metadata) == Some(&question.correlation_id));
    known.or_else(|| questions.get(nth.checked_sub(1)?))
}

fn question_before<'a>(inputs: &'a Inputs, question: &Question) -> Option<&'a Question> {
    let Questions(questions) = inputs.state.get()?;
    let index = questions.iter().position(|it| it.id == question.id)?;
    questions.get(index.checked_sub(1)?)
}

fn correlation_id(metadata: &Metadata) -> Option<&str> {
    let named = metadata.iter().find(|(key, _)| key == CORRELATION_ID);
    named.map(|(_, value)| value.as_str())
}

/// The calls that ask the question that ends so.
fn calls(inputs: &Inputs, events: &[Event], end: End) -> Vec<u32> {
    let begun = events.iter().filter_map(|event| match &event.kind {
        EventKind::Request { path, metadata, .. } if path == CLASSIFY_METHOD => {
            Some((event.call, metadata))
        }
        _ => None,
    });
    let asks = |(nth, (call, metadata)): (usize, (u32, &Metadata))| {
        let question = question(inputs, metadata, nth)?;
        (question.end == end).then_some(call)
    };
    (1..).zip(begun).filter_map(asks).collect()
}

/// The calls with the questions about whose documents they are.
fn asked<'a>(evidence: &Evidence<'a>) -> Vec<(&'a Question, Call<'a>)> {
    let state = evidence.run.inputs.state.get();
    let questions = state.map_or(&[][..], |Questions(questions)| questions);
    let calls = evidence
        .calls_to(CLIENT_SERVER, CLASSIFY_METHOD)
        .into_iter();
    let about = |call: Call<'a>| {
        let request: ClassifyRequest = message(&call, Side::Client)?;
        let mut questions = questions.iter();
        let question = questions.find(|question| question.id == request.document_id)?;
        Some((question, call))
    };
    calls.filter_map(about).collect()
}

/// What was reported of a question.
fn reported<'a>(evidence: &Evidence<'a>, question: &Question) -> Option<&'a str> {
    let of = |line: &'a str| line.strip_prefix(&question.id)?.strip_prefix(": ");
    evidence.reported().find_map(of)
}

/// The code that was reported of a question that failed, as tonic's debug form has it, and all of the status behind it.
fn failed<'a>(evidence: &Evidence<'a>, question: &Question) -> Option<(&'a str, &'a str)> {
    let status = reported(evidence, question)?.strip_prefix("failed with ")?;
    status.split_once(", ")
}

/// A code as tonic's debug form has it.
fn debug_name(code: Code) -> String {
    format!("{:?}", tonic::Code::from_i32(code.number()))
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "key-in-upper-case",
        // The crate http's panic for a key that is not a header name.
        seen: |evidence| {
            let panic = evidence.panic()?;
            let shows = panic.contains("HeaderName") && evidence.calls(CLIENT_SERVER).is_empty();
            shows.then(|| format!("Your program panicked before its first call: {panic}"))
        },
        usually: "HTTP/2 header names are lower case, and tonic panics on a metadata key with an upper-case letter: write \
                  `x-correlation-id`.",
    },
    Diagnosis {
        name: "deadline-malformed",
        seen: |evidence| {
            let calls = evidence.calls(CLIENT_SERVER);
            let mut events = calls.iter().flat_map(|call| &call.events);
            events.find_map(|event| match &event.kind {
                EventKind::Malformed {
                    from: Side::Client,
                    reason,
                } if reason.starts_with("grpc-timeout") => Some(format!("In a call, {reason}.")),
                _ => None,
            })
        },
        usually: "Usually the header was written by hand. `Request::set_timeout` takes a `Duration` and writes it in the \
                  form that gRPC wants.",
    },
    Diagnosis {
        name: "id-of-another-question",
        seen: |evidence| {
            let asked = asked(evidence);
            let state = evidence.run.inputs.state.get();
            let Questions(questions) = state?;
            asked.iter().find_map(|(question, call)| {
                let sent = correlation_id(call.metadata)?;
                let mut others = questions.iter().filter(|other| other.id != question.id);
                let other = others.find(|other| other.correlation_id == sent)?;
                Some(format!(
                    "The call about {} went out with {CORRELATION_ID} {sent}, which belongs to the question about {}.",
                    question.id, other.id
                ))
            })
        },
        usually: "Usually the id is taken once and kept. Each question brings its own.",
    },
    Diagnosis {
        name: "correlation-id-missing",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(question, call)| {
                question.end != End::Unsendable && correlation_id(call.metadata).is_none()
            })?;
            Some(format!(
                "The call about {} went out without {CORRELATION_ID}.",
                question.id
            ))
        },
        usually: "Metadata belongs to the request, so `request.metadata_mut().insert(\"x-correlation-id\", value)` comes \
                  before the call. Usually it is missing, its key is another, or `into_inner` has thrown it away: pass the \
                  request on, and not its message.",
    },
    Diagnosis {
        name: "deadline-not-sent",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(_, call)| call.timeout.is_none())?;
            Some(format!(
                "The call about {} went out without a grpc-timeout header.",
                question.id
            ))
        },
        usually: "`Endpoint::timeout` and `tokio::time::timeout` end only your own wait: the server does not know \
                  beforehand how long you wait, and cannot tell the host behind it. `Request::set_timeout` sends the deadline \
                  along, with the request that it is set on; `into_inner` throws it away.",
    },
    Diagnosis {
        name: "other-deadline",
        seen: |evidence| {
            let asked = asked(evidence);
            asked.iter().find_map(|(question, call)| {
                let sent = call.timeout.filter(|sent| *sent != question.deadline)?;
                Some(format!(
                    "The call about {} went out with a deadline of {sent:?}, and the question's is {:?}.",
                    question.id, question.deadline
                ))
            })
        },
        usually: "The header carries a duration, not a point in time, and tonic takes a `Duration`: pass \
                  `question.deadline` on as it is.",
    },
    Diagnosis {
        name: "given-up-early",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(question, call)| {
                let mut events = call.events.iter();
                let given_up = |kind: &EventKind| {
                    matches!(
                        kind,
                        EventKind::Cancelled {
                            by: Side::Client,
                            ..
                        }
                    )
                };
                let due = matches!(question.end, End::Never | End::Stalled);
                !due && events.any(|event| given_up(&event.kind))
            })?;
            Some(format!(
                "Your program gave up the call about {}, and the question's deadline is {:?}.",
                question.id, question.deadline
            ))
        },
        usually: "Usually your own wait is shorter than the deadline that was sent: give both the same.",
    },
    Diagnosis {
        name: "unsendable-id-not-asked",
        seen: |evidence| {
            let asked = asked(evidence);
            let Questions(questions) = evidence.run.inputs.state.get()?;
            let question = questions.iter().find(|question| {
                question.end == End::Unsendable
                    && reported(evidence, question).is_some()
                    && asked.iter().all(|(other, _)| other.id != question.id)
            })?;
            Some(format!(
                "No call about {} was made, and your function returned. Its correlation id is {:?}.",
                question.id, question.correlation_id
            ))
        },
        usually: "This id cannot be a metadata value, and `.parse()` says so with an error. Usually the function returns \
                  then. The task wants the question asked, without an id.",
    },
    Diagnosis {
        name: "cancelled-for-deadline",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(question, call)| {
                let cancelled =
                    failed(evidence, question).is_some_and(|(code, _)| code == "Cancelled");
                cancelled && call.status().is_none()
            })?;
            Some(format!(
                "The server sent no status about {}, whose deadline passed, and your function returned Failed with \
                 CANCELLED.",
                question.id
            ))
        },
        usually: "tonic's timer says `Code::Cancelled` with the message \"Timeout expired\", not DEADLINE_EXCEEDED; your \
                  callers need to know which it was.",
    },
    Diagnosis {
        name: "servers-deadline-failed",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(question, call)| {
                call.status() == Some(Code::DEADLINE_EXCEEDED)
                    && failed(evidence, question).is_some()
            })?;
            Some(format!(
                "The call about {} ended with DEADLINE_EXCEEDED, and your function returned Failed.",
                question.id
            ))
        },
        usually: "The server watches the deadline too, and may be the first to see that it passed. Usually only CANCELLED, \
                  which tonic's own timer says, or only your own wait, is taken for a deadline.",
    },
    Diagnosis {
        name: "every-failure-a-deadline",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, code) = asked.iter().find_map(|(question, call)| {
                let code = call.status()?;
                let other = ![Code::OK, Code::DEADLINE_EXCEEDED, Code::CANCELLED].contains(&code);
                let taken = reported(evidence, question) == Some("deadline exceeded");
                (other && taken).then_some((question, code))
            })?;
            Some(format!(
                "The call about {} ended with {code}, and your function returned DeadlineExceeded.",
                question.id
            ))
        },
        usually: "A caller may do one thing about this status and another about a deadline. Decide by the status code: \
                  not by there being an error, and not by the words of its message, which are for people.",
    },
    Diagnosis {
        name: "status-remade",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, code, lost) = asked.iter().find_map(|(question, call)| {
                let code = call.status().filter(|code| *code != Code::OK)?;
                let (reported, rest) = failed(evidence, question)?;
                let lost = if reported != debug_name(code) {
                    format!("has the code {reported}")
                } else if rest.contains("no details") || rest.ends_with("no metadata") {
                    "has lost details or metadata".to_owned()
                } else {
                    return None;
                };
                Some((question, code, lost))
            })?;
            Some(format!(
                "The call about {} ended with {code}, with details and metadata. The status that your function returned \
                 {lost}.",
                question.id
            ))
        },
        usually: "Usually a new status is made from the code or the message of the one that came. Whoever looks for the cause \
                  needs all of it: `AskError::Failed(status)`, as it came.",
    },
    Diagnosis {
        name: "not-watched-behind-headers",
        seen: |evidence| {
            let asked = asked(evidence);
            let (question, _) = asked.iter().find(|(question, call)| {
                let mut events = call.events.iter();
                let headers = events.any(|event| matches!(event.kind, EventKind::Response { .. }));
                question.end == End::Stalled && headers && !call.ended()
            })?;
            let waits = evidence.did_not_finish() && reported(evidence, question).is_none();
            waits.then(|| {
                format!(
                    "The call about {} got the headers of its answer, and no message. Its deadline of {:?} passed, and \
                     your function still waited.",
                    question.id, question.deadline
                )
            })
        },
        usually: "tonic's own timer is over as soon as the headers of an answer are there, and what comes behind them is not \
                  watched. Put `tokio::time::timeout` around the whole call.",
    },
];
