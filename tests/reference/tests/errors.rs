//! What a program can read from an error: every violation, a reason, when to come back, which call it was.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyRequest, DocumentChunk};
use reference::errors::{DOMAIN, Failure, Violation};
use tokio::task::JoinSet;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::harness::{TestServer, gated_model, quick_model, request, within};
use crate::layered;

/// How a server refuses a request, and the details.
async fn refusal(server: &TestServer, request: ClassifyRequest) -> (Status, ErrorDetails) {
    let answer = within(server.client().await.classify(request)).await;
    let status = answer.expect_err("it must be refused");
    let details = status.check_error_details().expect("they can be read");
    (status, details)
}

fn reason(details: &ErrorDetails) -> &str {
    let info = details.error_info().expect("every error has a reason");
    assert_eq!(info.domain, DOMAIN);
    &info.reason
}

#[tokio::test]
async fn every_violation_is_listed_with_its_field() {
    let server = TestServer::start(quick_model()).await;
    let (status, details) = refusal(
        &server,
        ClassifyRequest {
            max_results: Some(9),
            ..request("")
        },
    )
    .await;
    assert_eq!(status.code(), Code::InvalidArgument);
    let bad = details.bad_request().expect("the request is at fault");
    let fields: Vec<_> = bad.field_violations.iter().map(|v| &v.field).collect();
    assert_eq!(fields, ["text", "max_results"]);
    let descriptions: Vec<_> = bad
        .field_violations
        .iter()
        .map(|v| v.description.as_str())
        .collect();
    assert_eq!(
        descriptions,
        [
            "text is empty: send 1 to 100000 characters",
            "max_results is 9: send 1 to 5, or leave it unset for 3",
        ]
    );
    assert_eq!(
        status.message(),
        descriptions.join("; "),
        "a sentence for a person"
    );
    assert_eq!(reason(&details), "INVALID_REQUEST");
}

#[tokio::test]
async fn unserved_model_version_names_the_served_one() {
    let server = TestServer::start(quick_model()).await;
    let (_, details) = refusal(
        &server,
        ClassifyRequest {
            model_version: "2025.9".to_owned(),
            ..request("a")
        },
    )
    .await;
    assert_eq!(reason(&details), "MODEL_NOT_SERVED");
    let info = details.error_info().expect("a reason");
    assert_eq!(info.metadata["servedVersion"], "test.1");
    assert!(
        details.bad_request().is_none(),
        "another server may have it"
    );
}

#[tokio::test]
async fn overload_says_what_is_full_and_when_to_come_back() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let mut client = server.client().await;
        calls.spawn(async move { client.classify(request("a")).await });
    }
    let first = within(calls.join_next()).await.expect("there are four");
    let status = first.expect("no panic").expect_err("the gate is shut");
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let details = status.get_error_details();
    assert_eq!(reason(&details), "SERVER_BUSY");
    let info = details.error_info().expect("a reason");
    assert_eq!(info.metadata["maxRunning"], "1");
    assert_eq!(info.metadata["maxWaiting"], "2");
    let quota = details.quota_failure().expect("a limit was reached");
    assert_eq!(quota.violations[0].subject, "texts");
    assert_eq!(quota.violations[0].description, "1 texts run and 2 wait");
    let delay = details.retry_info().and_then(|retry| retry.retry_delay);
    assert!(!delay.expect("it is worth trying again").is_zero());
    gate.begun().await;
    gate.release(3);
}

#[tokio::test]
async fn expired_and_malformed_timeouts_have_reasons() {
    let server = TestServer::start(quick_model()).await;
    for (timeout, wanted) in [("0S", "DEADLINE_EXCEEDED"), ("soon", "MALFORMED_TIMEOUT")] {
        let mut late = Request::new(request("a"));
        let value = timeout.parse().expect("ASCII");
        late.metadata_mut().insert("grpc-timeout", value);
        let status = within(server.patient_client().await.classify(late))
            .await
            .expect_err("no time");
        let details = status.get_error_details();
        assert_eq!(reason(&details), wanted);
        assert!(details.request_info().is_some());
    }
}

#[tokio::test]
async fn streaming_calls_have_reasons_and_fields() {
    let server = TestServer::start(quick_model()).await;
    let mut client = server.client().await;
    let batch = within(client.classify_batch(ClassifyBatchRequest::default())).await;
    let broken = tokio_stream::once(DocumentChunk {
        chunk_number: 1,
        ..DocumentChunk::default()
    });
    let broken = within(client.upload_document(broken)).await;
    let endless = within(client.upload_document(tokio_stream::empty())).await;
    for (status, wanted) in [
        (batch.err(), &["requests"][..]),
        (
            broken.err(),
            &["document_id", "mime_type", "chunk_number", "data"],
        ),
        (endless.err(), &["is_last"]),
    ] {
        let status = status.expect("it must be refused");
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        let details = status.check_error_details().expect("they can be read");
        assert_eq!(reason(&details), "INVALID_REQUEST");
        assert!(details.request_info().is_some());
        let bad = details.bad_request().expect("the request is at fault");
        let fields: Vec<_> = bad.field_violations.iter().map(|v| &v.field).collect();
        assert_eq!(fields, wanted);
    }
}

/// The deadline passes after the response's headers, so its status is in the trailers.
#[tokio::test]
async fn deadline_in_the_middle_of_a_stream_has_a_reason() {
    let (model, mut gate) = gated_model();
    let server = TestServer::start(model).await;
    let mut late = Request::new(ClassifyBatchRequest {
        requests: vec![request("a")],
        ..ClassifyBatchRequest::default()
    });
    late.metadata_mut()
        .insert("grpc-timeout", "500m".parse().expect("ASCII"));
    let answers = within(server.patient_client().await.classify_batch(late)).await;
    let mut answers = answers.expect("it begins in time").into_inner();
    let status = within(answers.message())
        .await
        .expect_err("the gate is shut");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    let details = status.get_error_details();
    assert_eq!(reason(&details), "DEADLINE_EXCEEDED");
    let info = details.error_info().expect("a reason");
    assert_eq!(info.metadata["timeoutMs"], "500");
    assert!(details.request_info().is_some());
    gate.begun().await;
    gate.release(1);
}

/// In the headers when the call failed at once, in the trailers when it failed after it was answered.
#[tokio::test]
async fn every_error_of_every_kind_of_call_has_the_request_id() {
    let channel = layered::channel(None).await;
    for method in layered::METHODS {
        let (_, outcome) = layered::call(&channel, method, "fail", |metadata| {
            metadata.insert("x-request-id", "call-1".parse().expect("ASCII"));
        })
        .await;
        let status = outcome.expect_err("it must fail");
        assert_eq!(status.code(), Code::InvalidArgument, "{method}");
        assert_eq!(status.message(), "it must fail");
        let details = status.get_error_details();
        assert_eq!(reason(&details), "INVALID_REQUEST", "{method}");
        assert!(details.bad_request().is_some(), "{method}");
        let request = details.request_info().expect("an id");
        assert_eq!(request.request_id, "call-1", "{method}");
    }
}

/// Calls a path that the contracts do not have.
pub async fn call_path(channel: Channel, path: &'static str) -> Status {
    let mut client = tonic::client::Grpc::new(channel);
    within(client.ready()).await.expect("it is connected");
    let codec = tonic_prost::ProstCodec::<ClassifyRequest, ClassifyRequest>::default();
    let path = PathAndQuery::from_static(path);
    within(client.unary(Request::new(request("a")), path, codec))
        .await
        .expect_err("there is no such method")
}

#[tokio::test]
async fn errors_of_tonic_have_the_request_id_and_a_reason() {
    let server = TestServer::start(quick_model()).await;
    let paths = [
        "/no.such.Service/Method",
        "/model.v1.ModelHost/NoSuchMethod",
    ];
    for path in paths {
        let status = call_path(server.channel().await, path).await;
        assert_eq!(status.code(), Code::Unimplemented);
        let sent = status.metadata().get("x-request-id").expect("every call");
        let details = status.get_error_details();
        let id = &details.request_info().expect("an id").request_id;
        assert_eq!(sent, id.as_str());
        assert_eq!(reason(&details), "UNIMPLEMENTED");
    }
}

#[tokio::test]
async fn successful_call_has_no_details() {
    let server = TestServer::start(quick_model()).await;
    let mut client: DocumentClassifierClient<_> = server.client().await;
    let answer = within(client.classify(request("a"))).await.expect("OK");
    assert!(!answer.metadata().contains_key("grpc-status-details-bin"));
}

/// A status travels in a header. One that is too large breaks the call, and the caller learns nothing at all.
#[test]
fn many_violations_fit_into_headers() {
    let violations: Vec<_> = (0..1000)
        .map(|n| {
            let long = "long ".repeat(20);
            Violation::new(format!("documents[{n}].text"), format!("{n} is {long}"))
        })
        .collect();
    let status = Status::from(Failure::invalid(&violations));
    assert!(status.message().ends_with("; and 995 more"));
    let headers = status.into_http::<()>().into_parts().0.headers;
    let bytes: usize = headers.values().map(|value| value.len()).sum();
    assert!(bytes < 8 * 1024, "{bytes}");
}
