//! What one connection and one message may cost.

use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use proto::classification::v1::ClassifyRequest;
use reference::{Inference, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;
use tonic::body::Body;
use tonic_types::StatusExt;

use crate::harness::{TestServer, config, quick_model, request, until, within};

async fn limited(limits: Limits) -> TestServer {
    TestServer::start_configured(reference::Config {
        limits,
        ..config(Inference::new(quick_model(), 1, 1))
    })
    .await
}

async fn tcp(server: &TestServer) -> TcpStream {
    let address = server.uri.strip_prefix("http://").expect("TCP");
    TcpStream::connect(address).await.expect("it listens")
}

#[test]
fn defaults_match_the_documentation() {
    assert_eq!(
        Limits::default(),
        Limits {
            request_bytes: 4 << 20,
            response_bytes: 4 << 20,
            header_list_bytes: 16 << 10,
            concurrent_streams: 100,
            connection_age: Duration::from_secs(1800),
            keepalive_interval: Duration::from_secs(60),
            keepalive_timeout: Duration::from_secs(20),
        }
    );
}

#[tokio::test]
async fn oversized_request_is_refused() {
    let fits = request("just fits");
    let server = limited(Limits {
        request_bytes: fits.encoded_len(),
        ..Limits::default()
    })
    .await;
    let mut client = server.client().await;
    within(client.classify(fits)).await.expect("it fits");
    let status = within(client.classify(request("just fits.")))
        .await
        .expect_err("one byte more");
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    let details = status.get_error_details();
    assert!(details.request_info().is_some());
    let info = details.error_info().expect("a reason");
    assert_eq!(info.reason, "OUT_OF_RANGE");
}

/// A client takes 4 MiB unless it is set to take more: the server must not send more.
#[tokio::test]
async fn oversized_response_is_not_sent() {
    let server = limited(Limits {
        response_bytes: 1000,
        ..Limits::default()
    })
    .await;
    let mut client = server.client().await;
    within(client.classify(request("a")))
        .await
        .expect("it fits");
    let long = ClassifyRequest {
        document_id: "x".repeat(1000),
        ..request("a")
    };
    let status = within(client.classify(long)).await.expect_err("too long");
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
}

#[tokio::test]
async fn oversized_headers_are_refused() {
    let server = limited(Limits {
        header_list_bytes: 2000,
        ..Limits::default()
    })
    .await;
    let call = async |bytes: usize| {
        let mut call = tonic::Request::new(request("a"));
        let value = "x".repeat(bytes).parse().expect("ASCII");
        call.metadata_mut().insert("x-large", value);
        within(server.client().await.classify(call)).await
    };
    call(1000).await.expect("it fits");
    let status = call(2000).await.expect_err("it does not");
    assert!(status.message().contains("431"), "{status:?}");
}

#[tokio::test]
async fn concurrent_streams_are_limited() {
    let server = limited(Limits {
        concurrent_streams: 7,
        ..Limits::default()
    })
    .await;
    let connection = h2::client::handshake(tcp(&server).await).await;
    let (sender, connection) = connection.expect("it speaks HTTP/2");
    tokio::spawn(connection);
    // The server's settings arrive when they arrive.
    until(|| sender.current_max_send_streams() == 7).await;
}

/// The server says GOAWAY by itself, and the connection ends without an error.
#[tokio::test]
async fn old_connection_is_closed_gracefully() {
    let server = limited(Limits {
        connection_age: Duration::from_millis(20),
        ..Limits::default()
    })
    .await;
    let io = TokioIo::new(tcp(&server).await);
    let connection =
        hyper::client::conn::http2::handshake::<_, _, Body>(TokioExecutor::new(), io).await;
    // Held, or the client itself would end the connection.
    let (_sender, connection) = connection.expect("it speaks HTTP/2");
    within(connection).await.expect("a goodbye, not a cut");
}

/// A peer whose power failed says nothing any more, not even to a PING.
#[tokio::test]
async fn peer_that_does_not_answer_pings_is_disconnected() {
    let server = limited(Limits {
        keepalive_interval: Duration::from_millis(20),
        keepalive_timeout: Duration::from_millis(20),
        ..Limits::default()
    })
    .await;
    let mut silent = tcp(&server).await;
    // The beginning of HTTP/2 and an empty SETTINGS frame: a connection, and then silence.
    let begin = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    silent.write_all(begin).await.expect("it is open");
    let mut sent = Vec::new();
    // The end comes as an end or as a reset, and only if the server closes.
    let _ = within(silent.read_to_end(&mut sent)).await;
    let ping = [0, 0, 8, 6, 0, 0, 0, 0, 0];
    assert!(sent.windows(9).any(|frame| frame == ping), "{sent:?}");
}
