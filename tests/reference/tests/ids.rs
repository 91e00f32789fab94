//! The request id and the trace: taken from the caller or made, passed to the handler, and the id sent to the caller.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use tonic::Request;

use crate::harness::{TestServer, quick_model, request, within};
use crate::layered;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The `x-request-id` of the response to a call with this one.
async fn returned(server: &TestServer, sent: Option<&str>) -> String {
    let mut call = Request::new(request("a"));
    if let Some(id) = sent {
        let value = id.parse().expect("a header's value");
        call.metadata_mut().insert("x-request-id", value);
    }
    let answer = within(server.client().await.classify(call)).await;
    let answer = answer.expect("OK");
    let id = answer.metadata().get("x-request-id").expect("every call");
    id.to_str().expect("ASCII").to_owned()
}

#[tokio::test]
async fn valid_request_id_is_kept() {
    let server = TestServer::start(quick_model()).await;
    let longest = "a".repeat(128);
    for id in ["7", "req_1.2:3-4", longest.as_str()] {
        assert_eq!(returned(&server, Some(id)).await, id);
    }
}

#[tokio::test]
async fn invalid_request_id_is_replaced() {
    let server = TestServer::start(quick_model()).await;
    let too_long = "a".repeat(129);
    let bad = ["", "two words", "a\"b", "<script>", too_long.as_str()];
    let mut made = vec![returned(&server, None).await];
    for id in bad {
        made.push(returned(&server, Some(id)).await);
    }
    for id in &made {
        assert_eq!(id.len(), 36, "a UUID: {id}");
    }
    let count = made.len();
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), count, "no two alike");
}

/// The trace that the handler saw, split at its dashes.
async fn joined(sent: Option<&'static str>) -> Vec<String> {
    let channel = layered::channel(None).await;
    let mut client = DocumentClassifierClient::new(channel);
    let mut call = Request::new(request("a"));
    if let Some(parent) = sent {
        let value = parent.parse().expect("ASCII");
        call.metadata_mut().insert("traceparent", value);
    }
    let answer = within(client.classify(call)).await.expect("OK");
    assert!(!answer.metadata().contains_key("traceparent"));
    let seen = answer.into_inner().model_version;
    let (_id, trace) = seen.split_once(' ').expect("an id and a trace");
    trace.split('-').map(str::to_owned).collect()
}

#[tokio::test]
async fn trace_is_continued_with_a_new_span() {
    let parts = joined(Some(PARENT)).await;
    assert_eq!(parts[..2], ["00", "4bf92f3577b34da6a3ce929d0e0e4736"]);
    assert_eq!(parts[2].len(), 16);
    assert_ne!(parts[2], "00f067aa0ba902b7", "that is the caller's span");
    assert_eq!(parts[3], "01", "recorded, as the caller asks");
    // A version to come may say more, but says this first.
    let parts = joined(Some(
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-more",
    ))
    .await;
    assert_eq!(parts[1], "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[tokio::test]
async fn unreadable_traceparent_begins_a_new_trace() {
    let mut seen = Vec::new();
    for sent in [
        None,
        Some(""),
        Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"),
        Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"),
        Some("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        Some("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
        Some("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
        Some("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
    ] {
        let parts = joined(sent).await;
        assert_eq!(parts[1].len(), 32);
        assert_ne!(parts[1], "4bf92f3577b34da6a3ce929d0e0e4736", "{sent:?}");
        assert_eq!(parts[3], "00", "nobody records it");
        seen.push(parts[1].clone());
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "no two alike");
}

#[tokio::test]
async fn response_has_no_other_headers() {
    let server = TestServer::start(quick_model()).await;
    let answer = within(server.client().await.classify(request("a"))).await;
    let mut names: Vec<_> = answer
        .expect("OK")
        .metadata()
        .keys()
        .map(|key| match key {
            tonic::metadata::KeyRef::Ascii(name) => name.to_string(),
            tonic::metadata::KeyRef::Binary(name) => name.to_string(),
        })
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["content-type", "date", "grpc-status", "x-request-id"]
    );
}
