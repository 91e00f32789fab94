//! Two documents that are answered, and sixteen that fail in sixteen ways.

use std::collections::BTreeMap;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use stage::{Inputs, Peer, Scenario, Source, State, hop::CLIENT_SERVER};
use tap::{Call, CallInfo, CallPlan, Code, EventKind, Fault, Metadata, Rules, Side};

use crate::common::{CLASSIFY_METHOD, CORRELATION_ID, HEALTH_CHECKS, whole_status};
use checks::{Diagnosis, Evidence, message};

/// Two documents that are answered, one of them without a result, and one for every code that is not OK. What is worth
/// a second attempt is asked again by the given code: the server is back for one of the two, and still busy for the other.
pub(crate) struct Failures;

/// How the first call about each document ends, by its id.
struct Ends(BTreeMap<String, End>);

#[derive(Clone, Copy)]
enum End {
    /// As the server answers.
    Answered,
    /// With an answer without a result.
    Empty,
    /// With a status.
    Failed(Code),
}

#[stage::async_trait]
impl Scenario for Failures {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            metadata: &[CORRELATION_ID],
            uncounted_calls: HEALTH_CHECKS,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut ends = vec![End::Answered, End::Empty];
        ends.extend((1..=16).map(|number| End::Failed(Code::from(number))));
        source.seed.generator(70).shuffle(&mut ends);
        let mut inputs = Inputs {
            documents: source.documents(ends.len()).await?,
            ..Inputs::default()
        };
        let ids = inputs.documents.iter().map(|(id, _)| id.clone());
        inputs.state = State::new(Ends(ids.zip(ends).collect()));
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        let name = correlation_id(&call.metadata).unwrap_or_default();
        let (id, attempt) = name.split_once('/').unwrap_or((name, ""));
        let end = inputs.state.get().and_then(|Ends(ends)| ends.get(id));
        let fault = match (end, attempt) {
            (None | Some(End::Answered), _) | (Some(End::Failed(Code::UNAVAILABLE)), "2") => None,
            (Some(End::Empty), _) => Some(Fault::answer(empty_answer(id).encode_to_vec())),
            (Some(End::Failed(code)), _) => Some(whole_status(*code, id)),
        };
        CallPlan {
            fault,
            ..CallPlan::default()
        }
    }
}

/// An answer that has no result.
fn empty_answer(id: &str) -> ClassifyResponse {
    ClassifyResponse {
        document_id: id.to_owned(),
        model_version: "2031.1".to_owned(),
        ..Default::default()
    }
}

fn correlation_id(metadata: &Metadata) -> Option<&str> {
    let named = metadata.iter().find(|(key, _)| key == CORRELATION_ID);
    named.map(|(_, value)| value.as_str())
}

/// What the program reported of one failure.
struct Reported<'a> {
    /// The call: its document and attempt.
    name: &'a str,
    reason: &'a str,
    code: &'a str,
    /// The message, the details and the metadata, as they were reported.
    rest: &'a str,
    /// The code and the message of the call's status on the wire.
    sent: (Code, String),
}

impl Reported<'_> {
    fn code_lost(&self) -> bool {
        self.code != format!("{:?}", tonic::Code::from_i32(self.sent.0.number()))
    }

    fn message_lost(&self) -> bool {
        let message = format!("{:?}, ", self.sent.1);
        !self.rest.starts_with(&message)
    }

    /// What is reported of a status that has none of them. All that cross the wire have both.
    fn details_lost(&self) -> bool {
        self.rest.contains(", no details, ") || self.rest.ends_with(", no metadata")
    }
}

fn reported<'a>(evidence: &Evidence<'a>) -> Vec<Reported<'a>> {
    let calls = evidence.calls(CLIENT_SERVER);
    let sent = |name: &str| {
        let mut calls = calls.iter();
        let call = calls.find(|call| correlation_id(call.metadata) == Some(name))?;
        call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status { code, message, .. } => Some((*code, message.clone())),
            _ => None,
        })
    };
    let parse = |line: &'a str| {
        let (name, rest) = line.split_once(": ")?;
        let mut parts = rest.splitn(3, ", ");
        Some(Reported {
            name,
            reason: parts.next()?,
            code: parts.next()?,
            rest: parts.next()?,
            sent: sent(name).filter(|(code, _)| *code != Code::OK)?,
        })
    };
    evidence.reported().filter_map(parse).collect()
}

const REFUSALS: &[Code] = &[
    Code::INVALID_ARGUMENT,
    Code::NOT_FOUND,
    Code::ALREADY_EXISTS,
    Code::FAILED_PRECONDITION,
    Code::OUT_OF_RANGE,
];
const NOT_ALLOWED: &[Code] = &[Code::PERMISSION_DENIED, Code::UNAUTHENTICATED];
const PASSING: &[Code] = &[Code::UNAVAILABLE, Code::RESOURCE_EXHAUSTED];
const LATE: &[Code] = &[Code::DEADLINE_EXCEEDED, Code::CANCELLED];
const FAULTS: &[Code] = &[
    Code::UNKNOWN,
    Code::ABORTED,
    Code::UNIMPLEMENTED,
    Code::INTERNAL,
    Code::DATA_LOSS,
];

/// The reason that fits a code.
fn right(code: Code) -> &'static str {
    let groups = [
        (REFUSALS, "Rejected"),
        (NOT_ALLOWED, "NotAllowed"),
        (PASSING, "TryAgain"),
        (LATE, "OutOfTime"),
    ];
    let group = groups.iter().find(|(codes, _)| codes.contains(&code));
    group.map_or("Broken", |(_, reason)| reason)
}

/// The first failure that is reported wrongly. The transcripts differ there first, so the mistake that is named is the
/// one that the screen shows.
fn first_wrong<'a>(evidence: &Evidence<'a>) -> Option<Reported<'a>> {
    reported(evidence).into_iter().find(|failure| {
        failure.reason != right(failure.sent.0)
            || failure.code_lost()
            || failure.message_lost()
            || failure.details_lost()
    })
}

/// The first failure that is reported wrongly, if its call ended with one of these codes and it has one of these
/// reasons.
fn confused(evidence: &Evidence<'_>, codes: &[Code], reasons: &[&str]) -> Option<String> {
    let Reported {
        name, reason, sent, ..
    } = first_wrong(evidence)?;
    let code = sent.0;
    (codes.contains(&code) && reasons.contains(&reason)).then(|| {
        format!(
            "The call {name} ended with {code}, and your function returned the reason {reason}."
        )
    })
}

/// The first failure that is reported wrongly, if this is so of it.
fn lost(
    evidence: &Evidence<'_>,
    is_lost: fn(&Reported<'_>) -> bool,
    what: fn(&Reported<'_>) -> String,
) -> Option<String> {
    let failure = first_wrong(evidence).filter(is_lost)?;
    let (name, code) = (failure.name, failure.sent.0);
    let what = what(&failure);
    Some(format!(
        "The call {name} ended with {code}, and the status in your failure {what}."
    ))
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "metadata-left-behind",
        seen: |evidence| {
            let calls = evidence.calls_to(CLIENT_SERVER, CLASSIFY_METHOD);
            let bare = |call: &&Call<'_>| correlation_id(call.metadata).is_none();
            let request: ClassifyRequest = message(calls.iter().find(bare)?, Side::Client)?;
            Some(format!(
                "The call about {:?} went out without {CORRELATION_ID}, which its request had.",
                request.document_id
            ))
        },
        usually: "Usually `into_inner` takes the message out of the request, and leaves metadata and deadline behind: pass the \
                  request on as it is.",
    },
    Diagnosis {
        name: "empty-answer-failed",
        seen: |evidence| {
            let Ends(ends) = evidence.run.inputs.state.get()?;
            let empty = ends.iter().find(|(_, end)| matches!(end, End::Empty));
            let (id, _) = empty?;
            let name = format!("{id}/1");
            let calls = evidence.calls_to(CLIENT_SERVER, CLASSIFY_METHOD);
            let named = |call: &&Call<'_>| correlation_id(call.metadata) == Some(&name);
            calls
                .iter()
                .find(named)?
                .status()
                .filter(|code| *code == Code::OK)?;
            let of = |line: &&str| {
                line.strip_prefix(&name)
                    .is_some_and(|it| it.starts_with(": "))
            };
            let line = evidence.reported().find(of)?;
            // A type's name has no comma in it.
            line.contains(", ").then(|| {
                format!("The call about {id} ended with OK, and your function returned a Failure.")
            })
        },
        usually: "Usually an answer without a result is taken for an error. The task wants what `best` makes of it.",
    },
    Diagnosis {
        name: "code-lost",
        // Also where the first failure happens to have the code that all of them get.
        seen: |evidence| {
            let first = first_wrong(evidence)?;
            let wrong = first.code_lost() || first.message_lost() || first.details_lost();
            let failures = reported(evidence);
            let failure = failures.iter().find(|failure| failure.code_lost())?;
            wrong.then(|| {
                format!(
                    "The call {} ended with {}, and the status in your failure has the code {}.",
                    failure.name, failure.sent.0, failure.code
                )
            })
        },
        usually: "Usually a new status is made. It holds your own text, and what the server said is lost: keep the one that \
                  came, `Failure { reason, status }`.",
    },
    Diagnosis {
        name: "message-lost",
        seen: |evidence| {
            lost(
                evidence,
                |it| it.message_lost(),
                |failure| format!("does not have the server's message, {:?}", failure.sent.1),
            )
        },
        usually: "Usually a new status is made with the code of the one that came. The message, and the details and metadata \
                  beside it, are what whoever looks for the cause has: keep the status that came as it is.",
    },
    Diagnosis {
        name: "details-lost",
        seen: |evidence| {
            lost(
                evidence,
                |it| it.details_lost(),
                |failure| {
                    let details = failure.rest.contains(", no details, ");
                    let lost = if details { "details" } else { "metadata" };
                    format!("has no {lost}, and on the wire it had some")
                },
            )
        },
        usually: "Usually a new status is made of the code and the message. Details are the part that a program can read, and \
                  metadata holds what identifies the request: keep the status that came as it is.",
    },
    Diagnosis {
        name: "everything-unavailable",
        seen: |evidence| {
            let failures = reported(evidence);
            let again = failures.iter().all(|failure| failure.reason == "TryAgain");
            let other = failures
                .iter()
                .find(|failure| !PASSING.contains(&failure.sent.0))?;
            let shows = failures.len() > 2 && again;
            shows.then(|| {
                format!(
                    "All {} failures that your function returned have the reason TryAgain, also the one of {}, which ended \
                     with {}.",
                    failures.len(),
                    other.name,
                    other.sent.0
                )
            })
        },
        usually: "The caller now sends bad requests and wrong passwords again and again, and nobody notices a real fault: look \
                  at `status.code()`.",
    },
    Diagnosis {
        name: "deadline-retried",
        seen: |evidence| confused(evidence, LATE, &["TryAgain"]),
        usually: "Time ran out, and nobody knows whether the work was done, so a second call may do it a second \
                  time: the caller must find out first. CANCELLED is what tonic's own timer says: OutOfTime as \
                  well.",
    },
    Diagnosis {
        name: "refusal-retried",
        seen: |evidence| confused(evidence, REFUSALS, &["TryAgain"]),
        usually: "A request that is wrong, or does not fit the state that things are in, stays so until somebody \
                  changes something: Rejected. A second attempt is work for nothing.",
    },
    Diagnosis {
        name: "sign-in-retried",
        seen: |evidence| confused(evidence, NOT_ALLOWED, &["TryAgain"]),
        usually: "UNAUTHENTICATED means sign in, PERMISSION_DENIED means ask for the right: both are NotAllowed, \
                  and a second attempt changes nothing.",
    },
    Diagnosis {
        name: "fault-retried",
        seen: |evidence| confused(evidence, FAULTS, &["TryAgain"]),
        usually: "INTERNAL, UNKNOWN, UNIMPLEMENTED and DATA_LOSS say that something is broken, which a second \
                  attempt only hides, and ABORTED that this call alone is not enough. Let `_` be Broken: a code \
                  that you did not think of must not be sent again.",
    },
    Diagnosis {
        name: "passing-taken-for-final",
        seen: |evidence| {
            confused(
                evidence,
                PASSING,
                &["Rejected", "NotAllowed", "OutOfTime", "Broken"],
            )
        },
        usually: "UNAVAILABLE says that the server cannot answer now, and RESOURCE_EXHAUSTED that a limit is used up. Both may \
                  pass: TryAgain, even if the second attempt fails as well.",
    },
    Diagnosis {
        name: "fault-blamed-on-caller",
        seen: |evidence| confused(evidence, FAULTS, &["Rejected", "NotAllowed"]),
        usually: "Whoever gets this looks for a mistake in the request, and it is not there: UNKNOWN, INTERNAL, \
                  UNIMPLEMENTED, DATA_LOSS and ABORTED are Broken.",
    },
    Diagnosis {
        name: "fault-taken-for-late",
        seen: |evidence| confused(evidence, FAULTS, &["OutOfTime"]),
        usually: "Only DEADLINE_EXCEEDED and CANCELLED say that time ran out. All codes that fit no other reason \
                  are Broken.",
    },
    Diagnosis {
        name: "sign-in-taken-for-bad-request",
        seen: |evidence| confused(evidence, NOT_ALLOWED, &["Rejected", "Broken", "OutOfTime"]),
        usually: "UNAUTHENTICATED means sign in, PERMISSION_DENIED means ask for the right: both are NotAllowed, \
                  and no other request would help.",
    },
    Diagnosis {
        name: "deadline-taken-for-fault",
        seen: |evidence| confused(evidence, LATE, &["Rejected", "NotAllowed", "Broken"]),
        usually: "There are two codes for time that ran out: a server says DEADLINE_EXCEEDED, and tonic's own \
                  timer says CANCELLED. Both are OutOfTime.",
    },
    Diagnosis {
        name: "refusal-taken-for-fault",
        seen: |evidence| confused(evidence, REFUSALS, &["NotAllowed", "OutOfTime", "Broken"]),
        usually: "The request is wrong, or names what does not exist or exists already, or does not fit the state \
                  that things are in: INVALID_ARGUMENT, OUT_OF_RANGE, NOT_FOUND, ALREADY_EXISTS and \
                  FAILED_PRECONDITION are for the caller to mend, so Rejected.",
    },
];
