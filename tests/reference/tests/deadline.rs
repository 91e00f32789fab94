//! A call whose time is up ends with DEADLINE_EXCEEDED, and the server says it first.

use proto::classification::v1::ClassifyRequest;
use tonic::{Code, Request};

use crate::harness::{TestServer, gated_model, quick_model, request, within};

/// A request with this `grpc-timeout`, as a caller writes it.
fn timed(text: &str, timeout: &'static str) -> Request<ClassifyRequest> {
    let mut request = Request::new(request(text));
    let value = timeout.parse().expect("ASCII");
    request.metadata_mut().insert("grpc-timeout", value);
    request
}

#[tokio::test]
async fn ends_a_call_whose_work_takes_too_long() {
    let (model, gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut client = server.patient_client().await;
    let status = within(client.classify(timed("slow", "200m")))
        .await
        .expect_err("the gate is shut");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert_eq!(status.message(), "the call's time of 200ms is up");
    gate.release(2);
    within(client.classify(request("next"))).await.expect("OK");
}

#[tokio::test]
async fn ends_a_queued_call_whose_work_never_starts() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut client = server.patient_client().await;
    let mut first = client.clone();
    let first = tokio::spawn(async move { first.classify(request("first")).await });
    assert_eq!(gate.begun().await, "first");

    let status = within(client.classify(timed("late", "20m")))
        .await
        .expect_err("it is in line");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert_eq!(server.inference.taken(), 1, "its place is free again");

    gate.release(2);
    within(first).await.expect("no panic").expect("OK");
    within(client.classify(request("next"))).await.expect("OK");
    assert_eq!(gate.begun().await, "next");
}

#[tokio::test]
async fn late_call_is_not_started() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut client = server.patient_client().await;
    for timeout in ["0S", "1n"] {
        let status = within(client.classify(timed("late", timeout)))
            .await
            .expect_err("no time at all");
        assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
        // A stream of answers begins at once. A call that was begun would fail only after that.
        let mut call = Request::new(tokio_stream::empty());
        call.metadata_mut()
            .insert("grpc-timeout", timeout.parse().expect("ASCII"));
        let status = within(client.classify_stream(call))
            .await
            .expect_err("no time to begin");
        assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    }
    assert!(gate.nothing_begun());
}

#[tokio::test]
async fn leaves_calls_in_time_alone() {
    let server = TestServer::start(quick_model()).await;
    let mut client = server.patient_client().await;
    for timeout in ["1H", "60M", "99999999S", "3600000m", "99999999u"] {
        within(client.classify(timed("a", timeout)))
            .await
            .expect("there is time");
    }
}

#[tokio::test]
async fn malformed_timeout_is_invalid() {
    let server = TestServer::start(quick_model()).await;
    let mut client = server.patient_client().await;
    for timeout in ["", "S", "5", "+5S", "5 S", "1.5S", "5s", "123456789S"] {
        let status = within(client.classify(timed("a", timeout)))
            .await
            .expect_err("malformed");
        assert_eq!(status.code(), Code::InvalidArgument, "{timeout:?}");
        assert!(status.message().contains("such as 250m"), "{status:?}");
    }
}
