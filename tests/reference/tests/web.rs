//! gRPC-Web on the same port, as a browser speaks it: over HTTP/1.1.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use prost::Message;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use reference::{Config, Inference};
use tokio::net::TcpStream;

use crate::auth::{auth, token};
use crate::harness::{TestServer, config, quick_model, request, within};

const CLASSIFY_PATH: &str = "/classification.v1.DocumentClassifier/Classify";
const GRPC_WEB_TYPE: &str = "application/grpc-web+proto";

/// One HTTP/1.1 request on a new connection.
async fn fetch(server: &TestServer, request: Request<Full<Bytes>>) -> Response<Bytes> {
    let address = server.uri.strip_prefix("http://").expect("TCP");
    let io = TokioIo::new(TcpStream::connect(address).await.expect("it listens"));
    let (mut sender, connection) = http1::handshake(io).await.expect("it is open");
    tokio::spawn(connection);
    let response = within(sender.send_request(request)).await.expect("HTTP");
    let (parts, body) = response.into_parts();
    let body = within(body.collect())
        .await
        .expect("a whole body")
        .to_bytes();
    Response::from_parts(parts, body)
}

fn post(content_type: &str, message: &ClassifyRequest) -> Request<Full<Bytes>> {
    Request::post(CLASSIFY_PATH)
        .header("host", "localhost")
        .header("content-type", content_type)
        .body(Full::from(framed(0, &message.encode_to_vec())))
        .expect("a request")
}

/// A frame: what it is, how long it is, and it.
fn framed(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("it is short");
    [&[kind], &length.to_be_bytes()[..], content].concat()
}

/// The frames of a body: messages are of kind 0, trailers of kind 0x80.
fn frames(mut body: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        let [kind, length @ ..] = *head;
        let length = u32::from_be_bytes(length).try_into().expect("it fits");
        let (content, rest) = rest.split_at(length);
        frames.push((kind, content.to_vec()));
        body = rest;
    }
    assert!(body.is_empty(), "half a frame");
    frames
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    let value = response.headers().get(name)?;
    Some(value.to_str().expect("ASCII"))
}

async fn server() -> TestServer {
    TestServer::start(quick_model()).await
}

#[tokio::test]
async fn call_over_http_1_has_its_trailers_in_the_body() {
    let server = server().await;
    let message = ClassifyRequest {
        document_id: "doc-001".to_owned(),
        ..request("a")
    };
    let mut call = post(GRPC_WEB_TYPE, &message);
    let id = "web-1".parse().expect("ASCII");
    call.headers_mut().insert("x-request-id", id);
    let response = fetch(&server, call).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "content-type"), Some(GRPC_WEB_TYPE));
    assert_eq!(header(&response, "x-request-id"), Some("web-1"));
    let frames = frames(response.body());
    let [(0, message), (0x80, trailers)] = &frames[..] else {
        panic!("not a message and trailers: {frames:?}");
    };
    let answer = ClassifyResponse::decode(message.as_slice()).expect("an answer");
    assert_eq!(answer.document_id, "doc-001");
    let trailers = String::from_utf8_lossy(trailers);
    assert!(trailers.contains("grpc-status:0"), "{trailers}");
}

#[tokio::test]
async fn error_has_its_details() {
    let server = server().await;
    let response = fetch(&server, post(GRPC_WEB_TYPE, &request(""))).await;
    // It failed at once, so its status is in the headers.
    assert_eq!(header(&response, "grpc-status"), Some("3"));
    assert!(header(&response, "grpc-status-details-bin").is_some());
    assert!(header(&response, "x-request-id").is_some());
}

#[tokio::test]
async fn call_needs_a_token() {
    let server = TestServer::start_configured(Config {
        auth: Some(std::sync::Arc::new(auth())),
        ..config(Inference::new(quick_model(), 1, 1))
    })
    .await;
    let response = fetch(&server, post(GRPC_WEB_TYPE, &request("a"))).await;
    assert_eq!(header(&response, "grpc-status"), Some("16"));
    assert!(response.body().is_empty());
    let mut call = post(GRPC_WEB_TYPE, &request("a"));
    let bearer = format!("Bearer {}", token()).parse().expect("ASCII");
    call.headers_mut().insert("authorization", bearer);
    let response = fetch(&server, call).await;
    assert_eq!(header(&response, "grpc-status"), None, "it is in the body");
    assert_eq!(frames(response.body()).len(), 2);
}

#[tokio::test]
async fn only_local_pages_may_call() {
    let server = server().await;
    let ask = |origin: &str| {
        Request::options(CLASSIFY_PATH)
            .header("host", "localhost")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,x-grpc-web,authorization",
            )
            .body(Full::default())
            .expect("a request")
    };
    for (origin, may) in [
        ("http://localhost:3000", true),
        ("http://127.0.0.1:8000", true),
        ("http://[::1]:8000", true),
        ("https://example.com", false),
        ("http://localhost.example.com", false),
        ("http://127.0.0.1.example.com:8000", false),
        ("null", false),
    ] {
        let response = fetch(&server, ask(origin)).await;
        let allowed = header(&response, "access-control-allow-origin");
        assert_eq!(allowed, may.then_some(origin));
        let mut call = post(GRPC_WEB_TYPE, &request("a"));
        let value = origin.parse().expect("ASCII");
        call.headers_mut().insert("origin", value);
        let response = fetch(&server, call).await;
        let allowed = header(&response, "access-control-allow-origin");
        assert_eq!(allowed, may.then_some(origin));
        let readable = header(&response, "access-control-expose-headers");
        for name in ["grpc-status-details-bin", "x-request-id"] {
            assert!(
                readable.is_some_and(|all| all.contains(name)),
                "{readable:?}"
            );
        }
    }
    let response = fetch(&server, ask("http://localhost:3000")).await;
    let headers = header(&response, "access-control-allow-headers").expect("some");
    for name in ["content-type", "x-grpc-web", "authorization"] {
        assert!(headers.contains(name), "{headers}");
    }
}

#[tokio::test]
async fn other_content_types_are_refused_with_a_hint() {
    let server = server().await;
    for (content_type, status) in [
        ("application/grpc", StatusCode::HTTP_VERSION_NOT_SUPPORTED),
        ("application/json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/grpcish", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            "application/grpc-web+json",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        let response = fetch(&server, post(content_type, &request("a"))).await;
        assert_eq!(response.status(), status, "{content_type}");
        let body = String::from_utf8_lossy(response.body());
        assert!(body.contains("application/grpc-web+proto"), "{body}");
    }
}
