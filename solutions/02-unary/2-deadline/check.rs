//! One answer in time, one that never comes, one failure that has nothing to do with the deadline.

use std::time::Duration;

use anyhow::Result;
use stage::{Inputs, Peer, Scenario, Source, Stage, hop::CLIENT_SERVER};
use tap::{
    After, CallInfo, CallPlan, Code, Deadline as DeadlineRule, Event, EventKind, Fault, Gate, Rules,
};

use crate::common::{CORRELATION_ID, FAR_DEADLINE};
use checks::Diagnosis;

/// One answer in time, one that never comes, one failure that has nothing to do with the deadline.
pub(crate) struct Deadline;

/// The deadline of the call that is never answered: long enough for a busy machine to send the request.
const SHORT_DEADLINE: Duration = Duration::from_millis(250);

/// The gate that opens when the client has given up the call that is never answered.
const GIVEN_UP_GATE: &str = "given up";

#[stage::async_trait]
impl Scenario for Deadline {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            metadata: &[CORRELATION_ID],
            deadline: DeadlineRule::Exact,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut inputs = Inputs {
            documents: source.documents(3).await?,
            ..Inputs::default()
        };
        for (index, (id, _)) in inputs.documents.iter().enumerate() {
            let deadline = if index == 1 {
                SHORT_DEADLINE
            } else {
                FAR_DEADLINE
            };
            let correlation_id = format!("ask-{:04}", source.seed.draw(10 + index as u64, 10_000));
            inputs.settings.insert(
                format!("{id} deadline_ms"),
                deadline.as_millis().to_string(),
            );
            inputs
                .settings
                .insert(format!("{id} correlation_id"), correlation_id);
        }
        Ok(inputs)
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        // Client and server would race to notice the expiry, so only the client may notice it.
        let plan = CallPlan {
            strip_timeout: true,
            ..CallPlan::default()
        };
        match call.nth {
            2 => CallPlan {
                hold_answer: Some(Gate::new()),
                ..plan
            },
            3 => CallPlan {
                hold_answer: Some(inputs.gates.named(GIVEN_UP_GATE)),
                fault: Some(
                    Fault::status(Code::UNAVAILABLE, "the model is being loaded")
                        .after(After::Answers(0)),
                ),
                ..plan
            },
            _ => plan,
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        // A client that has given up goes on at once, and its library resets the stream some time later. If the last
        // answer came first, the program could end before the reset.
        let given_up = |event: &Event| {
            event.call == 2
                && matches!(
                    event.kind,
                    EventKind::Cancelled { .. } | EventKind::Broken { .. }
                )
        };
        stage.until(|events| events.iter().any(given_up)).await;
        inputs.gates.named(GIVEN_UP_GATE).open();
        Ok(())
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "key-in-upper-case",
        // The crate http's panic for a key that is not a header name.
        seen: |evidence| {
            let shows = {
                let panic = evidence.panic().unwrap_or_default();
                panic.contains("HeaderName") && evidence.calls(CLIENT_SERVER).is_empty()
            };
            shows.then(String::new)
        },
        usually: "Your program panicked before its first call. HTTP/2 header names are lower case, and tonic panics on \
                 a metadata key with an upper-case letter: write `x-correlation-id`.",
    },
    Diagnosis {
        name: "correlation-id-missing",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER);
                calls
                    .iter()
                    .any(|call| call.metadata.iter().all(|(key, _)| key != CORRELATION_ID))
            };
            shows.then(String::new)
        },
        usually: "A call went out without x-correlation-id. Metadata belongs to the request: \
                 `request.metadata_mut().insert(\"x-correlation-id\", value)` before the call.",
    },
    Diagnosis {
        name: "deadline-not-sent",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER);
                !calls.is_empty() && calls.iter().all(|call| call.timeout.is_none())
            };
            shows.then(String::new)
        },
        usually: "No grpc-timeout header crossed the wire. `Endpoint::timeout` and `tokio::time::timeout` end only your \
                 own wait: the server goes on working for nobody. `Request::set_timeout` sends the deadline along.",
    },
    Diagnosis {
        name: "other-deadline",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER);
                let mut sent = calls.iter().filter_map(|call| call.timeout);
                sent.any(|deadline| ![SHORT_DEADLINE, FAR_DEADLINE].contains(&deadline))
            };
            shows.then(String::new)
        },
        usually: "A deadline that is not the question's crossed the wire. The header carries a duration, not a point in \
                 time, and tonic takes a `Duration`: pass `question.deadline` on as it is.",
    },
    Diagnosis {
        name: "cancelled-for-deadline",
        seen: |evidence| {
            let shows = {
                evidence
                    .reported()
                    .any(|line| line.ends_with("failed with Cancelled"))
            };
            shows.then(String::new)
        },
        usually: "You returned CANCELLED for a deadline that passed. tonic's timer says `Code::Cancelled` with the \
                 message \"Timeout expired\", not DEADLINE_EXCEEDED; your callers need to know which it was.",
    },
    Diagnosis {
        name: "every-failure-a-deadline",
        seen: |evidence| {
            let shows = {
                evidence
                    .reported()
                    .filter(|line| line.ends_with("deadline exceeded"))
                    .count()
                    > 1
            };
            shows.then(String::new)
        },
        usually: "The server said UNAVAILABLE, and you returned DeadlineExceeded. A caller may try again after one and \
                 not after the other: look at the status code before you decide.",
    },
];
