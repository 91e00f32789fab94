//! ClassifyStream: answers by correlation id as soon as they are ready, a bounded number at a time, to the end.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{
    ClassificationEvent, ClassifyRequest, ClassifyResponse, ErrorEvent,
};
use reference::Inference;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Request, Streaming};

use crate::harness::{
    LIMIT, TestServer, counting_model, failing_model, gated_model, map, quick_model, request,
    slow_model, until, within,
};

/// Both ends of a call, as its client holds them.
struct Call {
    events: Option<UnboundedSender<ClassificationEvent>>,
    answers: Streaming<ClassificationEvent>,
}

impl Call {
    async fn begin(server: &TestServer) -> Self {
        Self::with(server.client().await).await
    }

    /// The response's headers come before any event is sent: a client that waits for them must not wait for ever.
    async fn with(mut client: DocumentClassifierClient<Channel>) -> Self {
        let (events, receiver) = unbounded_channel();
        let answers = within(client.classify_stream(UnboundedReceiverStream::new(receiver))).await;
        Self {
            events: Some(events),
            answers: answers.expect("it begins").into_inner(),
        }
    }

    fn send(&self, correlation_id: &str, event_type: Option<EventType>) {
        let events = self.events.as_ref().expect("not half-closed");
        let event = ClassificationEvent {
            correlation_id: correlation_id.to_owned(),
            event_type,
        };
        events.send(event).expect("the call goes on");
    }

    fn ask(&self, correlation_id: &str, text: &str) {
        self.send(correlation_id, started(request(text)));
    }

    fn half_close(&mut self) {
        self.events = None;
    }

    async fn next(&mut self) -> (String, EventType) {
        let event = within(self.answers.message()).await.expect("OK");
        let event = event.expect("an answer");
        (event.correlation_id, event.event_type.expect("a kind"))
    }

    async fn next_id(&mut self) -> String {
        match self.next().await {
            (id, EventType::ClassificationComplete(_)) => id,
            other => panic!("{other:?}"),
        }
    }

    async fn ended(&mut self) -> bool {
        within(self.answers.message()).await.expect("OK").is_none()
    }
}

fn started(request: ClassifyRequest) -> Option<EventType> {
    Some(EventType::ClassificationStarted(request))
}

#[tokio::test]
async fn answers_arrive_as_soon_as_they_are_ready() {
    let (model, release) = slow_model();
    let server = TestServer::start_with(Inference::new(model, 2, 8), LIMIT).await;
    let mut call = Call::begin(&server).await;
    call.ask("one", "slow");
    call.ask("two", "quick");
    assert_eq!(call.next_id().await, "two");
    call.ask("three", "quick");
    assert_eq!(call.next_id().await, "three");
    release.send(()).expect("the model is there");
    assert_eq!(call.next_id().await, "one");
}

#[tokio::test]
async fn events_have_settings() {
    let server = TestServer::start(quick_model()).await;
    let mut call = Call::begin(&server).await;
    for (max_results, include_keywords) in [(Some(5), None), (Some(1), Some(false)), (None, None)] {
        let asked = ClassifyRequest {
            max_results,
            include_keywords,
            document_id: "doc-7".to_owned(),
            model_version: "test.1".to_owned(),
            ..request("a")
        };
        call.send("id", started(asked));
        let (_, EventType::ClassificationComplete(answer)) = call.next().await else {
            panic!("it did not fail");
        };
        assert_eq!(answer.document_id, "doc-7");
        assert_eq!(answer.model_version, "test.1");
        let count = usize::try_from(max_results.unwrap_or(3)).expect("positive");
        assert_eq!(answer.results.len(), count);
        let with_keywords = include_keywords.unwrap_or(true);
        assert_eq!(!answer.results[0].keywords.is_empty(), with_keywords);
    }
}

#[tokio::test]
async fn failed_event_is_answered_and_the_stream_goes_on() {
    let server = TestServer::start(failing_model()).await;
    let mut call = Call::begin(&server).await;
    let other_model = ClassifyRequest {
        model_version: "2025.9".to_owned(),
        ..request("a")
    };
    for (id, kind, code, message, metadata) in [
        (
            "empty",
            started(request("")),
            "INVALID_ARGUMENT",
            "text is empty: send 1 to 100000 characters",
            map([("reason", "INVALID_REQUEST")]),
        ),
        (
            "other model",
            started(other_model),
            "NOT_FOUND",
            "model_version \"2025.9\" is not served here: ask for \"test.1\", or leave it unset",
            map([("reason", "MODEL_NOT_SERVED"), ("servedVersion", "test.1")]),
        ),
        (
            "fails",
            started(request("fails")),
            "INTERNAL",
            "the model could not rank this text",
            map([("reason", "MODEL_FAILED")]),
        ),
        (
            "panics",
            started(request("panics")),
            "INTERNAL",
            "the model could not rank this text",
            map([("reason", "MODEL_FAILED")]),
        ),
        (
            "no kind",
            None,
            "INVALID_ARGUMENT",
            "event_type is not set, or is of a kind that this server does not know: send classification_started",
            map([("reason", "INVALID_REQUEST")]),
        ),
        (
            "an answer",
            Some(EventType::ClassificationComplete(
                ClassifyResponse::default(),
            )),
            "INVALID_ARGUMENT",
            "event_type is of a kind that only a server sends: send classification_started",
            map([("reason", "INVALID_REQUEST")]),
        ),
        (
            "a failure",
            Some(EventType::ClassificationFailed(ErrorEvent::default())),
            "INVALID_ARGUMENT",
            "event_type is of a kind that only a server sends: send classification_started",
            map([("reason", "INVALID_REQUEST")]),
        ),
        (
            "",
            started(request("a")),
            "INVALID_ARGUMENT",
            "correlation_id is empty: send at least 1 character",
            map([("reason", "INVALID_REQUEST")]),
        ),
    ] {
        call.send(id, kind);
        let (answered, EventType::ClassificationFailed(error)) = call.next().await else {
            panic!("{id} did not fail");
        };
        assert_eq!(answered, id);
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            (code, message)
        );
        assert_eq!(error.metadata, metadata, "{id}");
    }
    call.ask("good", "a");
    assert_eq!(call.next_id().await, "good");
    call.half_close();
    assert!(call.ended().await);
}

#[tokio::test]
async fn repeated_id_is_answered_twice() {
    let server = TestServer::start(quick_model()).await;
    let mut call = Call::begin(&server).await;
    call.ask("twin", "a");
    call.ask("twin", "b");
    assert_eq!(call.next_id().await, "twin");
    assert_eq!(call.next_id().await, "twin");
    call.half_close();
    assert!(call.ended().await);
}

#[tokio::test]
async fn pending_answers_arrive_after_the_half_close() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 1, 32), LIMIT).await;
    let mut call = Call::begin(&server).await;
    for n in 0..20 {
        call.ask(&n.to_string(), "a");
    }
    call.half_close();
    gate.begun().await;
    gate.release(20);
    let mut seen = HashMap::new();
    for _ in 0..20 {
        *seen.entry(call.next_id().await).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 20, "each once: {seen:?}");
    assert!(call.ended().await);
}

#[tokio::test]
async fn at_most_8_events_are_in_flight() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 32, 32), LIMIT).await;
    let channel = server.channel().await;
    let mut call = Call::with(DocumentClassifierClient::new(channel.clone())).await;
    for n in 0..40 {
        call.ask(&n.to_string(), "a");
    }
    for _ in 0..8 {
        gate.begun().await;
    }
    // On the same connection, behind the events: they have arrived when these are answered.
    server.health_checks(channel).await;
    assert!(gate.nothing_begun());
    assert_eq!(server.inference.taken(), 8);
    // An answer makes room for an event.
    gate.release(1);
    call.next_id().await;
    gate.begun().await;
    server.health_checks(server.channel().await).await;
    assert!(gate.nothing_begun());
    gate.release(39);
    for _ in 0..39 {
        call.next_id().await;
    }
}

#[tokio::test]
async fn cancel_stops_the_work() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    let call = Call::begin(&server).await;
    for n in 0..40 {
        call.ask(&n.to_string(), "left");
    }
    assert_eq!(gate.begun().await, "left");
    until(|| server.inference.taken() == 8).await;

    // Both ends: a call whose client drops the answers and can still send events has not been reset. The half-close
    // that comes with it would let all 40 be answered, so it is the reset that stops the work.
    drop(call);
    until(|| server.inference.taken() == 1).await;

    gate.release(2);
    server.turns(1).await;
    assert_eq!(gate.begun().await, "turn", "1 of 40 texts was ranked");
}

#[tokio::test]
async fn client_that_does_not_read_holds_up_only_itself() {
    let (model, asked) = counting_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    let mut call = Call::with(server.narrow_client().await).await;
    // Each answer repeats its id: 4 answers fill the client's window.
    let long = "x".repeat(16 * 1024);
    for _ in 0..200 {
        call.ask(&long, "a");
    }

    // One thread, as for a batch.
    server.turns(200).await;

    let ahead = asked.load(Ordering::SeqCst) - 200;
    // 4 in the window, 3 that tonic encodes together, 8 under way, and some air.
    assert!((1..=20).contains(&ahead), "{ahead} ahead of the reader");
    for _ in 0..200 {
        call.next_id().await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 400);
}

#[tokio::test]
async fn deadline_applies_to_the_end_of_the_stream() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start_with(Inference::new(model, 1, 16), LIMIT).await;
    let mut client = server.patient_client().await;
    let (events, receiver) = unbounded_channel();
    let mut call = Request::new(UnboundedReceiverStream::new(receiver));
    let timeout = "2S".parse().expect("ASCII");
    call.metadata_mut().insert("grpc-timeout", timeout);
    let answers = within(client.classify_stream(call)).await;
    let mut answers = answers.expect("it begins in time").into_inner();
    for id in ["one", "two", "three"] {
        let event = ClassificationEvent {
            correlation_id: id.to_owned(),
            event_type: started(request(id)),
        };
        events.send(event).expect("the call goes on");
    }
    gate.release(1);
    within(answers.message()).await.expect("OK").expect("one");

    let status = within(answers.message())
        .await
        .expect_err("the gate is shut");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    until(|| server.inference.taken() == 1).await;
    gate.release(2);
    server.turns(1).await;
    assert_eq!(gate.begun().await, "one");
    assert_eq!(gate.begun().await, "two");
    assert_eq!(gate.begun().await, "turn", "three was never ranked");
}
