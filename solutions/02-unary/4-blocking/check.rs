//! More calls at once than there are permits, each with a blocking job that ends when the stage says so, and then a
//! caller that leaves.

use std::pin::pin;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use stage::{
    CallOptions, Client, Inputs, Peer, Scenario, Source, Stage, UnaryResponse,
    hop::{CLIENT_EDGE, EDGE_HOST},
    jobs,
};
use tap::{Call, Code, Count, Event, EventKind, Order, Rules, Side};
use tokio::task::JoinSet;

use crate::common::{CLASSIFY_METHOD, health};
use checks::{Diagnosis, Evidence, message};

/// More calls at once than there are permits, each with a blocking job that ends when the stage says so. While the
/// first job runs, the edge must answer a health check, and another when all calls are there. When all are answered,
/// one more caller leaves while its job runs. The given code reports it if the permit is free then, although the job
/// has not ended.
pub(crate) struct Blocking;

/// The setting that says how many jobs may run at a time.
const PERMITS_SETTING: &str = "permits";

/// How many calls there are beyond the number of permits.
const WAITING_CALLS: usize = 3;

#[stage::async_trait]
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

    fn max_concurrent_jobs(&self, inputs: &Inputs) -> Option<usize> {
        Some(permits(inputs))
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let permits = 2 + source.seed.draw(30, 2) as usize;
        // What the job makes of a text is what the host is asked about.
        let documents = source.documents_made(1 + permits + WAITING_CALLS, |text| {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let scanned = |(id, text): (String, String)| (id, text.replace(' ', "  "));
        let mut inputs = Inputs {
            documents: documents.await?.into_iter().map(scanned).collect(),
            ..Inputs::default()
        };
        let settings = [("worker_threads", 1), (PERMITS_SETTING, permits)];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_string()));
        inputs.settings.extend(settings);
        Ok(inputs)
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let [documents @ .., leaving] = inputs.documents.as_slice() else {
            return Ok(());
        };
        let client = stage.client()?;
        let mut calls = JoinSet::new();
        let mut ended = 0;
        for (sent, document) in (1..).zip(documents) {
            calls.spawn(classify(&client, document));
            // One after the other, so that the same calls get a permit in each run. Those that find none go out before
            // the second health check, on the same connection: when it is answered, the edge has them.
            if sent <= permits(inputs) {
                tokio::select! {
                    () = stage.until_messages(|messages| jobs::started(messages).count() + ended >= sent) => {}
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
                health::check(&client, SERVICE_NAME).await;
            }
        }
        let mut answered = pin!(async { while calls.join_next().await.is_some() {} });
        tokio::select! {
            () = release(stage, inputs) => answered.await,
            // An edge that answers without the job leaves nothing to release.
            () = &mut answered => {}
        }
        leave(stage, &client, leaving).await;
        Ok(())
    }
}

fn classify(client: &Client, (id, text): &(String, String)) -> UnaryResponse {
    let request = ClassifyRequest {
        text: text.clone(),
        document_id: id.clone(),
        max_results: Some(1),
        ..Default::default()
    };
    let request = request.encode_to_vec();
    client.unary(CLASSIFY_METHOD, request, CallOptions::default())
}

/// Makes a call, and gives it up while its job runs. There is no other call, so a permit that is not free is that of
/// this job.
async fn leave(stage: &Stage, client: &Client, document: &(String, String)) {
    let is_start = |kind: &from_program::Kind| matches!(kind, from_program::Kind::JobStarted(job) if job.name == document.0);
    let is_end = |kind: &from_program::Kind| matches!(kind, from_program::Kind::JobEnded(job) if job.name == document.0);
    let events_before = stage.events();
    let calls_before = (events_before.iter())
        .filter(|event| event.hop == CLIENT_EDGE)
        .map(|event| event.call)
        .max();
    let mut calls = JoinSet::new();
    calls.spawn(classify(client, document));
    tokio::select! {
        () = stage.until_messages(|messages| messages.iter().any(is_start)) => {}
        // An edge that answers without the job.
        _ = calls.join_next() => return,
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
    // go of the call, unless the job keeps the call's task busy.
    for _ in 0..2 {
        health::check(client, SERVICE_NAME).await;
    }
    stage.release(document.0.clone()).await;
    stage
        .until_messages(|messages| messages.iter().any(is_end))
        .await;
}

/// Ends the jobs, one document after the other, except that of the caller that leaves. A job that is run twice is held
/// only once.
async fn release(stage: &Stage, inputs: &Inputs) {
    let count = inputs.documents.len() - 1;
    for released in 0..count {
        let started = count.min(released + permits(inputs));
        let refused = |event: &&Event| {
            event.hop == CLIENT_EDGE
                && matches!(event.kind, EventKind::Status { code, .. } if code != Code::OK)
        };
        tokio::select! {
            () = stage.until_messages(|messages| documents(messages).len() >= started) => {}
            // A call that was refused starts no job.
            _ = stage.until(|events| {
                events.iter().filter(refused).count() + documents(&stage.messages()).len() >= count
            }) => {}
        }
        let Some(name) = documents(&stage.messages()).get(released).cloned() else {
            break;
        };
        stage.release(name.clone()).await;
        let ended = |kind: &from_program::Kind| matches!(kind, from_program::Kind::JobEnded(job) if job.name == name);
        stage
            .until_messages(|messages| messages.iter().any(ended))
            .await;
    }
}

/// The documents that had a job, in the order in which the first job of each started.
fn documents(messages: &[from_program::Kind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in jobs::started(messages) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn permits(inputs: &Inputs) -> usize {
    let permits = inputs.settings.get(PERMITS_SETTING);
    permits
        .and_then(|permits| permits.parse().ok())
        .unwrap_or(1)
}

/// The health checks, and the calls for documents.
fn calls<'a>(evidence: &Evidence<'a>) -> (Vec<Call<'a>>, Vec<Call<'a>>) {
    let calls = evidence.calls(CLIENT_EDGE).into_iter();
    calls.partition(|call| call.path == health::CHECK_METHOD)
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "work-skipped",
        seen: |evidence| {
            let shows = {
                let (_, calls) = calls(evidence);
                evidence.jobs().next().is_none()
                    && calls.iter().any(|call| call.status() == Some(Code::OK))
            };
            shows.then(String::new)
        },
        usually: "Your edge answered, and `clean` was never called. The point of this exercise is where that job runs: \
                 call `clean(&document)` and pass on what it returns.",
    },
    Diagnosis {
        name: "runtime-blocked",
        seen: |evidence| {
            let shows = {
                let (health, _) = calls(evidence);
                let asked = health.iter().any(|call| call.status().is_none());
                evidence.did_not_finish() && evidence.jobs().next().is_some() && asked
            };
            shows.then(String::new)
        },
        usually: "While one job was running, your edge did not answer a health check: the job ran on the thread that \
                 runs all async code, and nothing else could. `async` alone moves nothing, and neither does \
                 `tokio::spawn`: work that does not await belongs on another thread, by `spawn_blocking`.",
    },
    Diagnosis {
        name: "unbounded-work",
        seen: |evidence| {
            let shows = evidence.max_concurrent_jobs() > permits(&evidence.run.inputs);
            shows.then(String::new)
        },
        usually: "More jobs ran at a time than there are permits. tokio starts up to 512 blocking threads and queues \
                 without limit behind them, so `spawn_blocking` is not a bound. Wait for a permit first, and keep it \
                 in a variable until the job has ended: `let _ = ...` gives it back at once.",
    },
    Diagnosis {
        name: "permit-left-with-caller",
        seen: |evidence| {
            let shows = {
                evidence
                    .reported()
                    .any(|line| line.ends_with("the work goes on without a permit"))
            };
            shows.then(String::new)
        },
        usually: "A caller left while its text was being cleaned, and its permit was free at once, while the thread \
                 still worked: more jobs may run than there are permits. The future of your function is dropped when \
                 the caller leaves, with all that it holds. Move the permit into the closure that does the work.",
    },
    Diagnosis {
        name: "turned-away",
        seen: |evidence| {
            let shows = {
                let (_, calls) = calls(evidence);
                let refused = |call: &Call<'_>| {
                    let request: ClassifyRequest = message(call, Side::Client).unwrap_or_default();
                    let failed = call.status().is_some_and(|code| code != Code::OK);
                    failed && evidence.jobs().all(|name| name != request.document_id)
                };
                let busy = evidence.max_concurrent_jobs() >= permits(&evidence.run.inputs);
                busy && calls.iter().any(refused)
            };
            shows.then(String::new)
        },
        usually: "Your edge refused a call because no permit was free. Here a call waits its turn, which costs no \
                 thread: `acquire_owned().await`, not `try_acquire_owned()`.",
    },
    Diagnosis {
        name: "one-at-a-time",
        seen: |evidence| {
            let shows = {
                let fewer =
                    (1..permits(&evidence.run.inputs)).contains(&evidence.max_concurrent_jobs());
                evidence.did_not_finish() && fewer
            };
            shows.then(String::new)
        },
        usually: "Your edge ran fewer jobs at a time than there are permits: a call waited although a permit was free. \
                 Each call takes one permit, and nothing else is locked while its job runs.",
    },
];
