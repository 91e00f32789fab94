//! One document that is answered, and twelve that fail in twelve ways.

use std::collections::BTreeMap;

use anyhow::Result;
use stage::{Inputs, Peer, Scenario, Source, State, hop::CLIENT_SERVER};
use tap::{CallInfo, CallPlan, Code, EventKind, Fault, Rules};

use crate::common::CORRELATION_ID;
use checks::{Diagnosis, Evidence};

/// One document that is answered, and twelve that fail in twelve ways. What is worth a second attempt is asked again
/// by the given code: the server is back for one of the two, and still busy for the other.
pub(crate) struct Failures;

/// With which code the first call about each document ends, by its id.
struct Codes(BTreeMap<String, Code>);

#[stage::async_trait]
impl Scenario for Failures {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            metadata: &[CORRELATION_ID],
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let seed = source.seed;
        let mut codes = vec![
            Code::OK,
            Code::INVALID_ARGUMENT,
            Code::NOT_FOUND,
            Code::FAILED_PRECONDITION,
            Code::PERMISSION_DENIED,
            Code::UNAUTHENTICATED,
            Code::UNAVAILABLE,
            Code::RESOURCE_EXHAUSTED,
            Code::DEADLINE_EXCEEDED,
            Code::CANCELLED,
            Code::UNKNOWN,
            Code::INTERNAL,
            [Code::UNIMPLEMENTED, Code::DATA_LOSS][seed.draw(61, 2) as usize],
        ];
        for index in (1..codes.len()).rev() {
            codes.swap(
                index,
                seed.draw(70 + index as u64, index as u64 + 1) as usize,
            );
        }
        let mut inputs = Inputs {
            documents: source.documents(codes.len()).await?,
            ..Inputs::default()
        };
        let ids = inputs.documents.iter().map(|(id, _)| id.clone());
        inputs.state = State::new(Codes(ids.zip(codes).collect()));
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let named =
            |(key, value): &(String, String)| (key == CORRELATION_ID).then(|| value.clone());
        let name = call.metadata.iter().find_map(named).unwrap_or_default();
        let (id, attempt) = name.split_once('/').unwrap_or((&name, ""));
        let codes = inputs.state.get();
        let code = codes.and_then(|Codes(codes)| codes.get(id)).copied();
        let fault = match (code, attempt) {
            (None | Some(Code::OK), _) | (Some(Code::UNAVAILABLE), "2") => None,
            // A message that no program makes up, so that a lost one is noticed.
            (Some(code), _) => Some(Fault::status(
                code,
                format!("ticket {}-{id}", code.number()),
            )),
        };
        CallPlan {
            fault,
            ..CallPlan::default()
        }
    }
}

/// What the program reported of one failure.
struct Reported<'a> {
    reason: &'a str,
    code: &'a str,
    message: &'a str,
    /// The status of the call, as the wire has it.
    sent: (Code, String),
}

impl Reported<'_> {
    fn code_lost(&self) -> bool {
        self.code != format!("{:?}", tonic::Code::from_i32(self.sent.0.number()))
    }
}

fn reported<'a>(evidence: &Evidence<'a>) -> Vec<Reported<'a>> {
    let calls = evidence.calls(CLIENT_SERVER);
    let sent = |name: &str| {
        let mut calls = calls.iter();
        let named = |(key, value): &(String, String)| key == CORRELATION_ID && value == name;
        let call = calls.find(|call| call.metadata.iter().any(named))?;
        call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status { code, message, .. } => Some((*code, message.clone())),
            _ => None,
        })
    };
    let parse = |line: &'a str| {
        let (name, rest) = line.split_once(": ")?;
        let mut parts = rest.splitn(3, ", ");
        Some(Reported {
            reason: parts.next()?,
            code: parts.next()?,
            message: parts.next()?,
            sent: sent(name).filter(|(code, _)| *code != Code::OK)?,
        })
    };
    evidence.reported().filter_map(parse).collect()
}

/// The reason that fits a code.
fn right(code: Code) -> &'static str {
    match code {
        Code::INVALID_ARGUMENT | Code::NOT_FOUND | Code::FAILED_PRECONDITION => "Rejected",
        Code::PERMISSION_DENIED | Code::UNAUTHENTICATED => "NotAllowed",
        Code::UNAVAILABLE | Code::RESOURCE_EXHAUSTED => "TryAgain",
        Code::DEADLINE_EXCEEDED | Code::CANCELLED => "OutOfTime",
        _ => "Broken",
    }
}

/// The first failure that is reported wrongly. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Reported<'a>> {
    reported(evidence).into_iter().find(|failure| {
        failure.reason != right(failure.sent.0)
            || failure.code_lost()
            || failure.message != failure.sent.1
    })
}

/// Whether the first failure that is reported wrongly has one of these codes, and was given one of these reasons.
fn confused(evidence: &Evidence<'_>, codes: &[Code], reasons: &[&str]) -> bool {
    first_wrong(evidence)
        .is_some_and(|failure| codes.contains(&failure.sent.0) && reasons.contains(&failure.reason))
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "code-lost",
        // Also where the first failure happens to have the code that all of them get.
        seen: |evidence| {
            let shows = {
                let lost = |failure: &Reported<'_>| {
                    failure.code_lost() || failure.message != failure.sent.1
                };
                first_wrong(evidence).is_some_and(|failure| lost(&failure))
                    && reported(evidence).iter().any(Reported::code_lost)
            };
            shows.then(String::new)
        },
        usually: "The status in your failure has another code than the one on the wire. A new status holds your own \
                 text, and what the server said is lost: keep the one that came, `Failure { reason, status }`.",
    },
    Diagnosis {
        name: "message-lost",
        seen: |evidence| {
            let shows =
                { first_wrong(evidence).is_some_and(|failure| failure.message != failure.sent.1) };
            shows.then(String::new)
        },
        usually: "The code is the server's and the message is not. The message, and the details and metadata beside it, \
                 are what whoever looks for the cause has: keep the status that came as it is.",
    },
    Diagnosis {
        name: "everything-unavailable",
        seen: |evidence| {
            let shows = {
                let failures = reported(evidence);
                failures.len() > 2 && failures.iter().all(|failure| failure.reason == "TryAgain")
            };
            shows.then(String::new)
        },
        usually: "You took every error for a server that is away for a moment. The caller now sends bad requests and \
                 wrong passwords again and again, and nobody notices a real fault: look at `status.code()`.",
    },
    Diagnosis {
        name: "deadline-retried",
        seen: |evidence| {
            let shows = {
                confused(
                    evidence,
                    &[Code::DEADLINE_EXCEEDED, Code::CANCELLED],
                    &["TryAgain"],
                )
            };
            shows.then(String::new)
        },
        usually: "Time ran out, and you called that TryAgain. Nobody knows whether the work was done, so a second call \
                 may do it a second time: the caller must find out first. CANCELLED is what tonic's own timer says: \
                 OutOfTime as well.",
    },
    Diagnosis {
        name: "refusal-retried",
        seen: |evidence| {
            let shows = {
                let refusals = [
                    Code::INVALID_ARGUMENT,
                    Code::NOT_FOUND,
                    Code::FAILED_PRECONDITION,
                    Code::PERMISSION_DENIED,
                    Code::UNAUTHENTICATED,
                ];
                confused(evidence, &refusals, &["TryAgain"])
            };
            shows.then(String::new)
        },
        usually: "A request that was refused went out a second time. INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, \
                 PERMISSION_DENIED and UNAUTHENTICATED stay what they are until somebody changes something.",
    },
    Diagnosis {
        name: "fault-retried",
        seen: |evidence| {
            let shows = {
                let faults = [
                    Code::UNKNOWN,
                    Code::UNIMPLEMENTED,
                    Code::INTERNAL,
                    Code::DATA_LOSS,
                ];
                confused(evidence, &faults, &["TryAgain"])
            };
            shows.then(String::new)
        },
        usually: "You took a fault of the server for a passing one. INTERNAL, UNKNOWN, UNIMPLEMENTED and DATA_LOSS say \
                 that something is broken, which a second attempt only hides. Let `_` be Broken: a code that you did \
                 not think of must not be sent again.",
    },
    Diagnosis {
        name: "passing-taken-for-final",
        seen: |evidence| {
            let shows = {
                let final_ones = ["Rejected", "NotAllowed", "OutOfTime", "Broken"];
                confused(
                    evidence,
                    &[Code::UNAVAILABLE, Code::RESOURCE_EXHAUSTED],
                    &final_ones,
                )
            };
            shows.then(String::new)
        },
        usually: "The server was away, or had its hands full, and you did not call that TryAgain. UNAVAILABLE and \
                 RESOURCE_EXHAUSTED are the two codes that say it did not take the call on: nothing was done, so it \
                 does no harm to ask again, even if the second attempt fails as well.",
    },
    Diagnosis {
        name: "fault-blamed-on-caller",
        seen: |evidence| {
            let shows = {
                let faults = [
                    Code::UNKNOWN,
                    Code::UNIMPLEMENTED,
                    Code::INTERNAL,
                    Code::DATA_LOSS,
                ];
                confused(evidence, &faults, &["Rejected", "NotAllowed"])
            };
            shows.then(String::new)
        },
        usually: "You told the caller that its request is at fault, but the server is. Whoever gets that looks for a \
                 mistake that is not there: INTERNAL, UNKNOWN, UNIMPLEMENTED and DATA_LOSS are Broken.",
    },
    Diagnosis {
        name: "sign-in-taken-for-bad-request",
        seen: |evidence| {
            let shows = {
                let reasons = ["Rejected", "Broken", "OutOfTime"];
                confused(
                    evidence,
                    &[Code::PERMISSION_DENIED, Code::UNAUTHENTICATED],
                    &reasons,
                )
            };
            shows.then(String::new)
        },
        usually: "A caller that is not known, or not allowed, got another reason. UNAUTHENTICATED means sign in, \
                 PERMISSION_DENIED means ask for the right: both are NotAllowed, and no other request would help.",
    },
    Diagnosis {
        name: "deadline-taken-for-fault",
        seen: |evidence| {
            let shows = {
                let reasons = ["Rejected", "NotAllowed", "Broken"];
                confused(
                    evidence,
                    &[Code::DEADLINE_EXCEEDED, Code::CANCELLED],
                    &reasons,
                )
            };
            shows.then(String::new)
        },
        usually: "Time ran out, and your failure says something else. There are two codes for it: a server says \
                 DEADLINE_EXCEEDED, and tonic's own timer says CANCELLED. Both are OutOfTime.",
    },
    Diagnosis {
        name: "refusal-taken-for-fault",
        seen: |evidence| {
            let shows = {
                let reasons = ["NotAllowed", "OutOfTime", "Broken"];
                let refusals = [
                    Code::INVALID_ARGUMENT,
                    Code::NOT_FOUND,
                    Code::FAILED_PRECONDITION,
                ];
                confused(evidence, &refusals, &reasons)
            };
            shows.then(String::new)
        },
        usually: "The request was at fault, and your failure does not say so. INVALID_ARGUMENT, NOT_FOUND and \
                 FAILED_PRECONDITION are for the caller to fix, and not a fault of the server: all three are Rejected.",
    },
];
