//! A handler's panic is INTERNAL for its caller, and nobody else notices it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use classifier::{Error, Score};
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{ClassificationEvent, ClassifyBatchRequest, ErrorEvent};
use reference::Model;
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Code;
use tonic::metadata::AsciiMetadataValue;
use tonic_types::StatusExt;

use crate::harness::{TestServer, request, scores, within};
use crate::layered::{METHODS, call, channel};

#[tokio::test]
async fn becomes_internal_in_every_kind_of_call() {
    let channel = channel(None).await;
    for method in METHODS {
        let id = format!("panic-in-{method}");
        let value: AsciiMetadataValue = id.parse().expect("ASCII");
        let (answers, outcome) = call(&channel, method, "panic", |metadata| {
            metadata.insert("x-request-id", value.clone());
        })
        .await;
        let status = outcome.expect_err("it panics");
        assert_eq!(status.code(), Code::Internal, "{method}: {status:?}");
        assert_eq!(
            status.message(),
            format!("the server has a bug: report it with the request id {id}"),
        );
        let details = status.get_error_details();
        let info = details.error_info().expect("a reason");
        assert_eq!(info.reason, "HANDLER_PANICKED");
        assert_eq!(details.request_info().expect("an id").request_id, id);
        // What was answered before the panic has arrived: these two panic in the stream, not in the handler.
        let streams = ["ClassifyBatch", "ClassifyStream"].contains(&method);
        assert_eq!(answers, usize::from(streams), "{method}");
    }
}

#[tokio::test]
async fn does_not_harm_the_connection() {
    let channel = channel(None).await;
    for method in METHODS {
        let (_, panicked) = call(&channel, method, "panic", |_| {}).await;
        panicked.expect_err("it panics");
        let (_, next) = call(&channel, method, "good", |_| {}).await;
        next.expect("another call, on the same connection");
    }
}

/// A model that ranks well, and panics when it is asked for its version while the flag is set. The version is
/// asked for in the task of a document, and not where the model runs.
struct PanickingVersion(Arc<AtomicBool>);

impl Model for PanickingVersion {
    fn version(&self) -> &str {
        assert!(!self.0.load(Ordering::SeqCst), "a secret of the inside");
        "test.1"
    }

    fn rank(&self, _: &str) -> Result<Vec<Score>, Error> {
        Ok(scores())
    }
}

async fn panicking_server() -> (TestServer, Arc<AtomicBool>) {
    let panics = Arc::new(AtomicBool::new(true));
    let server = TestServer::start(Arc::new(PanickingVersion(Arc::clone(&panics)))).await;
    (server, panics)
}

fn assert_internal(error: &ErrorEvent) {
    assert_eq!(
        (error.code.as_str(), error.message.as_str()),
        ("INTERNAL", "the document could not be classified")
    );
}

/// The layer that catches panics does not see a task that a handler has spawned. A document's panic must not pass for
/// the end of its stream, nor be waited for without end.
#[tokio::test]
async fn fails_only_its_document_of_a_batch() {
    let (server, panics) = panicking_server().await;
    let mut client = server.client().await;
    let batch = ClassifyBatchRequest {
        requests: vec![request("a"); 6],
        ..ClassifyBatchRequest::default()
    };
    let answers = within(client.classify_batch(batch.clone())).await;
    let mut answers = answers.expect("it begins").into_inner();
    for number in 0..6 {
        let answer = within(answers.message()).await.expect("OK");
        let answer = answer.expect("an answer for each");
        assert_eq!(answer.sequence_number, number);
        assert_eq!(answer.is_last, number == 5);
        assert_internal(&answer.error.expect("it panicked"));
    }
    assert!(within(answers.message()).await.expect("OK").is_none());

    panics.store(false, Ordering::SeqCst);
    let answers = within(client.classify_batch(batch)).await;
    let mut answers = answers.expect("it begins").into_inner();
    let answer = within(answers.message()).await.expect("OK");
    assert!(answer.expect("an answer").result.is_some());
}

#[tokio::test]
async fn fails_only_its_event_of_a_stream() {
    let (server, panics) = panicking_server().await;
    let (events, receiver) = unbounded_channel();
    let mut client = server.client().await;
    let answers = within(client.classify_stream(UnboundedReceiverStream::new(receiver))).await;
    let mut answers = answers.expect("it begins").into_inner();
    for (id, panics_now) in [("one", true), ("two", true), ("three", false)] {
        panics.store(panics_now, Ordering::SeqCst);
        let event = ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: Some(EventType::ClassificationStarted(request("a"))),
        };
        events.send(event).expect("the call goes on");
        let answer = within(answers.message()).await.expect("OK");
        let answer = answer.expect("an answer");
        assert_eq!(answer.correlation_id, id);
        match answer.event_type.expect("a kind") {
            EventType::ClassificationFailed(error) if panics_now => assert_internal(&error),
            EventType::ClassificationComplete(_) if !panics_now => {}
            other => panic!("{other:?}"),
        }
    }
    drop(events);
    assert!(within(answers.message()).await.expect("OK").is_none());
}
