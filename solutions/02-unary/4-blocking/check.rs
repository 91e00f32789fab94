//! More calls at once than there are permits, each with a blocking job that ends when the stage says so, a job that
//! panics, a caller that leaves, and once more as many calls as there are permits.

use std::pin::pin;
use std::time::Duration;

use anyhow::Result;
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_server::SERVICE_NAME;
use proto::control::v1::from_program;
use stage::{
    CallOptions, Client, Inputs, Peer, Scenario, Source, Stage, State, UnaryResponse,
    hop::{CLIENT_EDGE, EDGE_HOST},
    jobs,
};
use tap::{Code, Count, Event, EventKind, Order, Rules};
use tokio::task::JoinSet;

use crate::common::{CLASSIFY_METHOD, HEALTH_CHECKS, health};

mod diagnoses;

pub(crate) use diagnoses::DIAGNOSES;

/// More calls at once than there are permits, each with a blocking job that ends when the stage says so. While the
/// first job runs, the edge must answer a health check, and another when all calls are there; and those that wait are
/// kept waiting for seconds, while the edge must answer more of them. When all are answered, one more job panics, and then a caller leaves while its job runs. The given code
/// reports it if the permit is free then, although the job has not ended, and if a job begins without one. At last as
/// many calls as there are permits show whether all have come back.
pub(crate) struct Blocking;

/// The setting that says how many jobs may run at a time.
const PERMITS_SETTING: &str = "permits";

/// How many calls there are beyond the number of permits.
const WAITING_CALLS: usize = 2;

/// How long those wait, in steps that each end with a health check: longer than any limit in time that one may think
/// generous for a permit. A step is shorter than what the watchdog takes for a program that hangs.
const WAIT_STEPS: [Duration; 6] = [Duration::from_millis(400); 6];

/// The id of the document that the given code makes. Its job, which is not to begin, need not be waited for.
const AFTER_CLOSE: &str = "closed";

/// A document: its id and its text.
type Document = (String, String);

/// What this run is made of.
struct Documents {
    permits: usize,
    /// More than there are permits.
    many: Vec<Document>,
    /// Without a word in it.
    empty: Document,
    /// That of a caller who leaves.
    leaving: Document,
    /// As many as there are permits.
    last: Vec<Document>,
}

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
                uncounted_calls: HEALTH_CHECKS,
                ..Rules::new(EDGE_HOST)
            },
        ]
    }

    fn reported(&self) -> Order {
        // Which of two jobs without a permit is the first is left to chance.
        Order::Set
    }

    fn max_concurrent_jobs(&self, inputs: &Inputs) -> Option<usize> {
        Some(inputs.state.get().map_or(1, |it: &Documents| it.permits))
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let permits = 2 + source.seed.draw(30, 2) as usize;
        // What the job makes of a text is what the host is asked about.
        let documents = source.documents_made(1 + 2 * permits + WAITING_CALLS, |text| {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let scanned = |(id, text): Document| (id, format!(" {}\n", text.replace(' ', "\t ")));
        let mut many: Vec<_> = documents.await?.into_iter().map(scanned).collect();
        let last = many.split_off(permits + WAITING_CALLS + 1);
        let leaving = many.pop().unwrap_or_default();
        let empty = (source.ids(1)?.remove(0), " \t \n".to_owned());
        let settings = [("worker_threads", 1), (PERMITS_SETTING, permits)];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_string()));
        Ok(Inputs {
            settings: settings.into(),
            state: State::new(Documents {
                permits,
                many,
                empty,
                leaving,
                last,
            }),
            ..Inputs::default()
        })
    }

    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        let documents: &Documents = inputs.state()?;
        let client = stage.client()?;
        stage.release(AFTER_CLOSE.to_owned()).await;
        many(stage, &client, documents).await;
        let (id, _) = &documents.empty;
        stage.release(id.clone()).await;
        // What the edge answers is in the tap's record, here and below.
        let _ = classify(&client, &documents.empty).await;
        leave(stage, &client, &documents.leaving).await;
        let mut calls = JoinSet::new();
        for document in &documents.last {
            calls.spawn(classify(&client, document));
        }
        let all = |messages: &[from_program::Kind]| {
            let names = started(messages);
            documents.last.iter().all(|(id, _)| names.contains(id))
        };
        let mut answered = pin!(async { while calls.join_next().await.is_some() {} });
        tokio::select! {
            () = stage.until_messages(all) => {}
            () = &mut answered => return Ok(()),
        }
        for (id, _) in &documents.last {
            stage.release(id.clone()).await;
        }
        answered.await;
        Ok(())
    }
}

/// Makes more calls than there are permits, and ends their jobs one after the other.
async fn many(stage: &Stage, client: &Client, documents: &Documents) {
    let mut calls = JoinSet::new();
    let mut ended = 0;
    for (sent, document) in (1..).zip(&documents.many) {
        calls.spawn(classify(client, document));
        // One after the other, so that the same calls get a permit in each run. Those that find none go out before
        // the second health check, on the same connection: when it is answered, the edge has them.
        if sent <= documents.permits {
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
        if sent == 1 || sent == documents.many.len() {
            health::check(client, SERVICE_NAME).await;
        }
    }
    for step in WAIT_STEPS {
        tokio::time::sleep(step).await;
        health::check(client, SERVICE_NAME).await;
    }
    let mut answered = pin!(async { while calls.join_next().await.is_some() {} });
    tokio::select! {
        () = release(stage, documents) => answered.await,
        // An edge that answers without the job leaves nothing to release.
        () = &mut answered => {}
    }
}

fn classify(client: &Client, (id, text): &Document) -> UnaryResponse {
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
async fn leave(stage: &Stage, client: &Client, document: &Document) {
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

/// Ends the jobs, one document after the other. A job that is run twice is held only once.
async fn release(stage: &Stage, documents: &Documents) {
    let count = documents.many.len();
    for released in 0..count {
        let due = count.min(released + documents.permits);
        let refused = |event: &&Event| {
            event.hop == CLIENT_EDGE
                && matches!(event.kind, EventKind::Status { code, .. } if code != Code::OK)
        };
        tokio::select! {
            () = stage.until_messages(|messages| started(messages).len() >= due) => {}
            // A call that was refused starts no job.
            _ = stage.until(|events| {
                events.iter().filter(refused).count() + started(&stage.messages()).len() >= count
            }) => {}
        }
        let Some(name) = started(&stage.messages()).get(released).cloned() else {
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
fn started(messages: &[from_program::Kind]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in jobs::started(messages) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
