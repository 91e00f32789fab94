//! unary.4: more calls at once than there are permits, each with work that ends when the stage says so, and then a caller
//! that leaves.

use std::pin::pin;

use anyhow::Result;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use stage::{
    Inputs, Peer, Scenario, Source, Stage,
    hop::{CLIENT_EDGE, EDGE_HOST},
    work::pieces,
};
use tap::{Call, Code, Count, Event, EventKind, Order, Rules, Side};
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::diagnosis::{Diagnosis, Evidence, message};
use crate::health;

/// unary.4: more calls at once than there are permits, each with work that ends when the stage says so. While the first
/// piece of work is under way, the edge must answer a health check, and another when all calls are there. When all are
/// answered, one more caller leaves while its work is under way. The given code tells if the permit is free then, although
/// the work is not over.
pub(crate) struct Blocking;

/// The setting that says how many pieces of work may be under way at a time.
const PERMITS: &str = "permits";

/// So many more calls than permits.
const WAITING: usize = 3;

#[tonic::async_trait]
impl Scenario for Blocking {
    fn peer(&self) -> Peer {
        Peer::Edge
    }

    fn rules(&self) -> Vec<Rules> {
        vec![
            Rules {
                calls: Order::Set,
                ..Rules::new(CLIENT_EDGE)
            },
            Rules {
                calls: Order::Set,
                connections: Count::AtMost(1),
                nested: false,
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    fn work(&self, inputs: &Inputs) -> Option<usize> {
        Some(permits(inputs))
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let permits = 2 + source.seed.draw(30, 2) as usize;
        // What the work makes of a text is what the host is asked about.
        let documents = source.documents_made(1 + permits + WAITING, |text| {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let scanned = |(id, text): (String, String)| (id, text.replace(' ', "  "));
        let mut inputs = Inputs {
            documents: documents.await?.into_iter().map(scanned).collect(),
            ..Inputs::default()
        };
        let settings = [("worker_threads", 1), (PERMITS, permits)];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_string()));
        inputs.settings.extend(settings);
        Ok(inputs)
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let [documents @ .., leaving] = inputs.documents.as_slice() else {
            return Ok(());
        };
        let client = DocumentClassifierClient::new(stage.edge()?);
        let mut calls = JoinSet::new();
        let mut ended = 0;
        for (sent, document) in (1..).zip(documents) {
            let mut client = client.clone();
            let request = request(document);
            calls.spawn(async move { client.classify(request).await.is_ok() });
            // One after the other, so that which calls get a permit is the same in each run. Those that find none go out
            // before the second health check, on the same connection: when it is answered, the edge has them.
            if sent <= permits(inputs) {
                tokio::select! {
                    () = stage.until_said(|said| pieces(said).count() + ended >= sent) => {}
                    Some(_) = calls.join_next() => ended += 1,
                }
            } else {
                // The first health check is a call as well.
                let half_closed =
                    |event: &&Event| event.hop == CLIENT_EDGE && event.kind == EventKind::HalfClose;
                stage
                    .until(|events| events.iter().filter(half_closed).count() > sent)
                    .await;
            }
            if sent == 1 || sent == documents.len() {
                health::check(stage.edge()?, SERVICE_NAME).await?;
            }
        }
        let mut answered = pin!(async { while calls.join_next().await.is_some() {} });
        tokio::select! {
            () = release(stage, inputs) => answered.await,
            // An edge that answers without the work leaves nothing to release.
            () = &mut answered => {}
        }
        leave(stage, client, leaving).await
    }
}

fn request((id, text): &(String, String)) -> ClassifyRequest {
    ClassifyRequest {
        text: text.clone(),
        document_id: id.clone(),
        max_results: Some(1),
        ..Default::default()
    }
}

/// Makes a call that is given up while its work is under way. No other call is there, so that a permit which is not free
/// is that of this work.
async fn leave(
    stage: &Stage,
    mut client: DocumentClassifierClient<Channel>,
    document: &(String, String),
) -> Result<()> {
    let of_work = |kind: &from_program::Kind| match kind {
        from_program::Kind::WorkBegan(work) => (work.name == document.0).then_some(false),
        from_program::Kind::WorkEnded(work) => (work.name == document.0).then_some(true),
        _ => None,
    };
    let before = stage.until(|_| true).await;
    let calls_before = (before.iter())
        .filter(|event| event.hop == CLIENT_EDGE)
        .map(|event| event.call)
        .max();
    let request = request(document);
    let mut calls = JoinSet::new();
    calls.spawn(async move { client.classify(request).await.is_ok() });
    tokio::select! {
        () = stage.until_said(|said| said.iter().any(|kind| of_work(kind) == Some(false))) => {}
        // An edge that answers without the work.
        _ = calls.join_next() => return Ok(()),
    }
    calls.shutdown().await;
    let over = |event: &Event| {
        let end = matches!(
            event.kind,
            EventKind::Status { .. } | EventKind::Cancelled { .. }
        );
        event.hop == CLIENT_EDGE && Some(event.call) > calls_before && end
    };
    stage.until(|events| events.iter().any(over)).await;
    // They come to the edge behind the reset, and one after the other: when the last is answered, the edge has long let
    // go of the call, unless the work keeps the call's own task.
    for _ in 0..2 {
        health::check(stage.edge()?, SERVICE_NAME).await?;
    }
    stage.release(document.0.clone()).await;
    let ended = |kind: &from_program::Kind| of_work(kind) == Some(true);
    stage.until_said(|said| said.iter().any(ended)).await;
    Ok(())
}

/// Lets the work on one document after the other come to its end, but for that of the caller that leaves. Work that is
/// done twice is held once.
async fn release(stage: &Stage, inputs: &Inputs) {
    let count = inputs.documents.len() - 1;
    for released in 0..count {
        let begun = count.min(released + permits(inputs));
        let refused = |event: &&Event| {
            event.hop == CLIENT_EDGE
                && matches!(event.kind, EventKind::Status { code, .. } if code != Code::OK)
        };
        tokio::select! {
            () = stage.until_said(|said| documents(said).len() >= begun) => {}
            // Of a call that was refused there is no work to come.
            _ = stage.until(|events| {
                events.iter().filter(refused).count() + documents(&stage.said()).len() >= count
            }) => {}
        }
        let Some(name) = documents(&stage.said()).get(released).cloned() else {
            break;
        };
        stage.release(name.clone()).await;
        let ended = |kind: &from_program::Kind| matches!(kind, from_program::Kind::WorkEnded(work) if work.name == name);
        stage.until_said(|said| said.iter().any(ended)).await;
    }
}

/// The documents that were worked on, in the order in which that began.
fn documents(said: &[from_program::Kind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in pieces(said) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn permits(inputs: &Inputs) -> usize {
    let permits = inputs.settings.get(PERMITS);
    permits
        .and_then(|permits| permits.parse().ok())
        .unwrap_or(1)
}

/// The health checks, and the calls for documents.
fn calls<'a>(evidence: &Evidence<'a>) -> (Vec<Call<'a>>, Vec<Call<'a>>) {
    let calls = evidence.calls(CLIENT_EDGE).into_iter();
    calls.partition(|call| call.path == health::CHECK)
}

pub(crate) const BLOCKING: &[Diagnosis] = &[
    Diagnosis {
        name: "work-skipped",
        shows: |evidence| {
            let (_, calls) = calls(evidence);
            evidence.work().next().is_none()
                && calls.iter().any(|call| call.status() == Some(Code::OK))
        },
        advice: "Your edge answered, and `clean` was never called. The point of this exercise is where the given work runs: \
                 call `clean(&document)` and pass on what it returns.",
    },
    Diagnosis {
        name: "runtime-blocked",
        shows: |evidence| {
            let (health, _) = calls(evidence);
            let asked = health.iter().any(|call| call.status().is_none());
            evidence.hung() && evidence.work().next().is_some() && asked
        },
        advice: "While one piece of work was under way, your edge did not answer a health check: the work ran on the thread \
                 that runs all async code, and nothing else could. `async` alone moves nothing, and neither does \
                 `tokio::spawn`: work that does not await belongs on a thread of its own, by `spawn_blocking`.",
    },
    Diagnosis {
        name: "unbounded-work",
        shows: |evidence| evidence.at_once() > permits(&evidence.run.inputs),
        advice: "More pieces of work were under way at a time than there are permits. tokio starts up to 512 blocking threads \
                 and queues without limit behind them, so `spawn_blocking` is no bound. Wait for a permit first, and keep \
                 it in a variable until the work is done: `let _ = ...` gives it back at once.",
    },
    Diagnosis {
        name: "permit-left-with-caller",
        shows: |evidence| {
            evidence
                .reported()
                .any(|line| line.ends_with("the work goes on without a permit"))
        },
        advice: "A caller left while its text was being cleaned, and its permit was free at once, while the thread still \
                 worked: more pieces may be under way than there are permits. The future of your function is dropped \
                 when the caller leaves, with all that it holds. Move the permit into the closure that does the work.",
    },
    Diagnosis {
        name: "turned-away",
        shows: |evidence| {
            let (_, calls) = calls(evidence);
            let refused = |call: &Call<'_>| {
                let request: ClassifyRequest = message(call, Side::Client).unwrap_or_default();
                let failed = call.status().is_some_and(|code| code != Code::OK);
                failed && evidence.work().all(|name| name != request.document_id)
            };
            let busy = evidence.at_once() >= permits(&evidence.run.inputs);
            busy && calls.iter().any(refused)
        },
        advice: "Your edge refused a call because no permit was free. Here a call waits its turn, which costs no thread: \
                 `acquire_owned().await`, not `try_acquire_owned()`.",
    },
    Diagnosis {
        name: "one-at-a-time",
        shows: |evidence| {
            let fewer = (1..permits(&evidence.run.inputs)).contains(&evidence.at_once());
            evidence.hung() && fewer
        },
        advice: "There are more permits than pieces of work that your edge was at: a call waited although a permit was \
                 free. Each call takes one permit, and nothing else is locked while the work runs.",
    },
];
