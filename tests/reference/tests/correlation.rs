//! The caller's correlation id comes back, with a result as with an error.

use proto::classification::v1::ClassifyRequest;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request};

use crate::harness::{TestServer, quick_model, request, within};

fn with_id(text: &str) -> Request<ClassifyRequest> {
    let mut request = Request::new(request(text));
    let id = "demo-1".parse().expect("ASCII");
    request.metadata_mut().insert("x-correlation-id", id);
    request
}

fn echoed(metadata: &MetadataMap) -> Option<&str> {
    let id = metadata.get("x-correlation-id")?;
    Some(id.to_str().expect("ASCII"))
}

#[tokio::test]
async fn comes_back_with_a_response() {
    let server = TestServer::start(quick_model()).await;
    let response = within(server.client().await.classify(with_id("a")))
        .await
        .expect("OK");
    assert_eq!(echoed(response.metadata()), Some("demo-1"));
}

#[tokio::test]
async fn comes_back_with_an_error() {
    let server = TestServer::start(quick_model()).await;
    let status = within(server.client().await.classify(with_id("")))
        .await
        .expect_err("the text is empty");
    assert_eq!(echoed(status.metadata()), Some("demo-1"));
}

#[tokio::test]
async fn comes_back_when_the_deadline_has_passed() {
    let server = TestServer::start(quick_model()).await;
    let mut late = with_id("a");
    let none = "0S".parse().expect("ASCII");
    late.metadata_mut().insert("grpc-timeout", none);
    let status = within(server.patient_client().await.classify(late))
        .await
        .expect_err("no time at all");
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(echoed(status.metadata()), Some("demo-1"));
}

#[tokio::test]
async fn is_not_made_up() {
    let server = TestServer::start(quick_model()).await;
    let response = within(server.client().await.classify(request("a")))
        .await
        .expect("OK");
    assert_eq!(echoed(response.metadata()), None);
}
