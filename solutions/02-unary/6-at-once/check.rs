//! No answer until all calls are open at once, and then the last document's first.

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use stage::{Inputs, Peer, Scenario, Source, Stage, hop::CLIENT_SERVER};
use tap::{CallInfo, CallPlan, Count, Event, EventKind, Order, Rules, Side};

use checks::{Diagnosis, Evidence, message};

/// No answer until all calls are open at once, and then the last document's first.
pub(crate) struct AtOnce;

#[stage::async_trait]
impl Scenario for AtOnce {
    fn peer(&self) -> Peer {
        Peer::Server
    }

    fn rules(&self) -> Vec<Rules> {
        vec![Rules {
            calls: Order::Set,
            connections: Count::Exact,
            open: Count::Exact,
            ..Rules::new(CLIENT_SERVER)
        }]
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let count = 5 + source.seed.draw(50, 3) as usize;
        Ok(Inputs {
            documents: source.documents(count).await?,
            ..Inputs::default()
        })
    }

    fn plan(&self, inputs: &Inputs, call: &CallInfo) -> CallPlan {
        // Calls beyond the number of documents are a mistake already, and are not held.
        let held = call.call as usize <= inputs.documents.len();
        CallPlan {
            hold_answer: held.then(|| inputs.gates.named(&call.call.to_string())),
            ..CallPlan::default()
        }
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let sent = |event: &&Event| event.kind == EventKind::HalfClose;
        let count = inputs.documents.len();
        let events = stage
            .until(|events| events.iter().filter(sent).count() >= count)
            .await;
        let mut calls: Vec<_> = (1..=count as u32)
            .map(|call| (document_index(inputs, &events, call), call))
            .collect();
        calls.sort();
        for (_, call) in calls.into_iter().rev() {
            inputs.gates.named(&call.to_string()).open();
            let ended = |event: &Event| {
                let end = matches!(
                    event.kind,
                    EventKind::Status { .. } | EventKind::Cancelled { .. }
                );
                event.call == call && (end || matches!(event.kind, EventKind::Broken { .. }))
            };
            stage.until(|events| events.iter().any(ended)).await;
        }
        Ok(())
    }
}

/// The index of the document that a call asks about.
fn document_index(inputs: &Inputs, events: &[Event], call: u32) -> Option<usize> {
    let request = events.iter().find_map(|event| match &event.kind {
        EventKind::Message { bytes, .. } if event.call == call => {
            <ClassifyRequest as prost::Message>::decode(bytes.clone()).ok()
        }
        _ => None,
    })?;
    let ids = inputs.documents.iter().map(|(id, _)| id);
    ids.into_iter().position(|id| *id == request.document_id)
}

/// The documents that were asked about, in the order of the calls.
fn asked(evidence: &Evidence<'_>) -> Vec<String> {
    let calls = evidence.calls(CLIENT_SERVER);
    calls
        .iter()
        .filter_map(|call| message(call, Side::Client))
        .map(|request: ClassifyRequest| request.document_id)
        .collect()
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "sequential-calls",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER).len();
                evidence.did_not_finish()
                    && (1..evidence.run.inputs.documents.len()).contains(&calls)
            };
            shows.then(String::new)
        },
        usually: "The server held its answers until a call for every document was open, and yours waited for answers \
                 before you had made them all. Begin every call first, each in a task of its own (`tokio::spawn`, or a \
                 `JoinSet`), and await them afterwards.",
    },
    Diagnosis {
        name: "connection-per-call",
        seen: |evidence| {
            let shows = {
                let calls = evidence.calls(CLIENT_SERVER).len();
                calls > 1 && evidence.connections(CLIENT_SERVER) >= calls
            };
            shows.then(String::new)
        },
        usually: "You opened a connection for every call. Many calls at a time need no more than one: connect before \
                 the loop, and give each task a `client.clone()`, which shares the connection.",
    },
    Diagnosis {
        name: "call-repeated",
        seen: |evidence| {
            let shows = {
                let mut ids = asked(evidence);
                let all = ids.len();
                ids.sort();
                ids.dedup();
                ids.len() < all
            };
            shows.then(String::new)
        },
        usually: "You asked about one document twice. Every call is work for the server: one call for each document.",
    },
    Diagnosis {
        name: "answers-missing",
        seen: |evidence| {
            let shows = {
                let reported = evidence.reported().count();
                let came_to_an_end = !evidence.did_not_finish() && !evidence.cut_short();
                came_to_an_end && reported < evidence.run.inputs.documents.len()
            };
            shows.then(String::new)
        },
        usually: "You returned fewer answers than there are documents. A task that nobody awaits is lost: a `JoinSet` \
                 that is dropped aborts its tasks, and a program that ends does not wait for those that were spawned.",
    },
    Diagnosis {
        name: "completion-order",
        seen: |evidence| {
            let shows = {
                evidence.reported().any(|line| {
                    let asked = line.split_once(": the answer for ");
                    asked.is_some_and(|(id, rest)| !rest.starts_with(&format!("{id},")))
                })
            };
            shows.then(String::new)
        },
        usually: "The answers are in the order in which they came, and not in that of the documents. The server and the \
                 network decide which call ends first. Keep the tasks' handles in order and await them in order, or \
                 keep each answer's index.",
    },
];
