//! What is not gRPC is recorded as such and passed on all the same: to judge it is for the peer.

use bytes::Bytes;
use h2::Reason;
use http::{Request, Response};
use tokio::io::AsyncWriteExt;

use crate::harness::{Stage, framed, header_map, read, read_all, request, response, story};

#[tokio::test]
async fn a_message_with_flags_that_do_not_exist() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.send("good").await;
    let text = Bytes::from_static(b"{\"not\": \"a message\"}");
    call.stream.send_data(text.clone(), true).unwrap();
    let mut served = connection.call().await;
    let (bytes, _) = read(&mut served.body).await;
    assert_eq!(bytes.slice(9..), text);
    let head = response(&[("grpc-status", "13")]);
    served.respond.send_response(head, true).unwrap();
    let story = stage.story(1, "status").await;
    assert_eq!(story[1], "client sends \"good\"");
    assert!(
        story[2].starts_with("malformed by client: a message begins with the flags 0x7b"),
        "{story:?}"
    );
    assert_eq!(story[3..], ["half-close", "status 13"]);
}

#[tokio::test]
async fn a_message_that_ends_too_early() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream
        .send_data(framed("too short").slice(..8), true)
        .unwrap();
    let mut served = connection.call().await;
    read_all(&mut served.body).await;
    served.head();
    let stream = served.stream.as_mut().unwrap();
    stream.send_data(framed("x").slice(..2), false).unwrap();
    served.status(0);
    let expected = [
        "request /a.B/C",
        "malformed by client: the last message has 3 of 9 bytes",
        "half-close",
        "response",
        "malformed by server: the last message has 2 of the 5 bytes of its prefix",
        "status 0",
    ];
    assert_eq!(stage.story(1, "status").await, expected);
}

#[tokio::test]
async fn an_answer_without_a_status() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(Bytes::new(), true).unwrap();
    let mut served = connection.call().await;
    served.head();
    served.send("all").await;
    let stream = served.stream.as_mut().unwrap();
    stream.send_data(Bytes::new(), true).unwrap();
    let mut body = call.body().await;
    let (bytes, trailers) = read(&mut body).await;
    assert_eq!((bytes, trailers.unwrap()), (framed("all"), None));
    let story = stage.story(1, "malformed").await;
    assert_eq!(
        story.last().unwrap(),
        "malformed by server: the answer ends without a grpc-status"
    );
}

#[tokio::test]
async fn a_peer_that_speaks_http_only() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let ask = Request::get("http://host/health").body(()).unwrap();
    let mut send = client.send.clone().ready().await.unwrap();
    let (answer, _) = send.send_request(ask, true).unwrap();
    let mut served = connection.call().await;
    let page = Response::builder().status(404).body(()).unwrap();
    served.respond.send_response(page, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 404);
    let expected = [
        "request /health",
        "malformed by client: the method is GET, not POST",
        "half-close",
        "malformed by server: the HTTP status is 404",
    ];
    assert_eq!(stage.story(1, "malformed by server").await, expected);
}

#[tokio::test]
async fn headers_that_make_no_sense() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let mut ask = request(&[("grpc-timeout", "soon")]);
    ask.headers_mut()
        .insert("content-type", "text/plain".parse().unwrap());
    let mut call = client.call(ask).await;
    call.stream.send_data(Bytes::new(), true).unwrap();
    let mut served = connection.call().await;
    assert_eq!(served.request.headers()["grpc-timeout"], "soon");
    served.head();
    let trailers = header_map(&[("grpc-status", "OK")]);
    served
        .stream
        .as_mut()
        .unwrap()
        .send_trailers(trailers)
        .unwrap();
    let story = stage.story(1, "malformed by server").await;
    assert!(
        story[1].contains("content-type is \"text/plain\""),
        "{story:?}"
    );
    assert!(story[2].contains("grpc-timeout is \"soon\""), "{story:?}");
    assert!(story[5].contains("grpc-status is \"OK\""), "{story:?}");
}

/// The tap's own HTTP/2 stops a peer that breaks its rules. The record blames the peer and nobody else.
#[tokio::test]
async fn a_client_that_breaks_http2() {
    let stage = Stage::new().await;
    let tap::Address::Tcp(address) = stage.tap.address() else {
        panic!("not TCP");
    };
    let mut raw = tokio::net::TcpStream::connect(address).await.unwrap();
    let connection = stage.server.accept();
    raw.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .unwrap();
    raw.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    // HEADERS of stream 1: POST, http, /a.B/C, content-type application/grpc; no end of the stream.
    let mut block = vec![0x83, 0x86, 0x04, 6];
    block.extend(b"/a.B/C");
    block.extend([0x01, 1, b'h', 0x0f, 0x10, 16]);
    block.extend(b"application/grpc");
    raw.write_all(&[0, 0, block.len() as u8, 1, 4, 0, 0, 0, 1])
        .await
        .unwrap();
    raw.write_all(&block).await.unwrap();
    let mut connection = connection.await;
    let mut served = connection.call().await;
    stage.story(1, "request").await;
    // DATA on stream 0, which is the connection's.
    raw.write_all(&[0, 0, 1, 0, 0, 0, 0, 0, 0, 7])
        .await
        .unwrap();
    let error = served.body.data().await.unwrap().unwrap_err();
    assert!(error.is_io(), "{error}");
    stage.story(0, "disconnected").await;
    let story = story(&stage.recorder.snapshot(), 1);
    assert_eq!(story.len(), 2);
    assert!(story[1].starts_with("malformed by client"), "{story:?}");
    let _ = Reason::PROTOCOL_ERROR;
}

/// A request with a header of this many bytes.
fn large(bytes: usize) -> Request<()> {
    request(&[("x-note", &"n".repeat(bytes))])
}

#[tokio::test]
async fn headers_of_a_request_that_are_too_large() {
    let stage = Stage::new().await;
    let (client, connection) = stage.connect().await;
    let server = connection.echo();
    // The largest that a peer without a limit of its own may send, as far as h2 is concerned.
    for (number, bytes) in [(1, 9_000), (2, 1_000_000)] {
        let call = client.call(large(bytes)).await;
        let answer = call.response.await.unwrap();
        assert_eq!(answer.headers()["grpc-status"], "8");
        let story = stage.story(number, "status").await;
        assert!(
            story[1].starts_with("malformed by client: headers of "),
            "{story:?}"
        );
        assert!(story[1].contains("of them x-note"), "{story:?}");
        assert!(story[2].starts_with("status 8 headers of "), "{story:?}");
        assert_eq!(story.len(), 3, "{story:?}");
    }
    // The connection lives on.
    client.unary("small").await.unwrap();
    drop(client);
    server.abort();
}

#[tokio::test]
async fn headers_and_trailers_of_an_answer_that_are_too_large() {
    let stage = Stage::new().await;
    let (client, mut connection) = stage.connect().await;
    let large = "n".repeat(9_000);
    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("one"), true).unwrap();
    let mut served = connection.call().await;
    let head = response(&[("x-note", &large)]);
    served.respond.send_response(head, false).unwrap();
    let answer = call.response.await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "8");
    let story = stage.story(1, "status").await;
    assert!(
        story[3].starts_with("malformed by server: headers of "),
        "{story:?}"
    );

    let mut call = client.call(request(&[])).await;
    call.stream.send_data(framed("two"), true).unwrap();
    let mut served = connection.call().await;
    served.head();
    served.send("answer").await;
    let stream = served.stream.as_mut().unwrap();
    let trailers = header_map(&[("grpc-status", "0"), ("x-note", &large)]);
    stream.send_trailers(trailers).unwrap();
    let mut body = call.body().await;
    let (bytes, trailers) = read(&mut body).await;
    assert_eq!(bytes, framed("answer"));
    assert_eq!(trailers.unwrap().unwrap()["grpc-status"], "8");
    let story = stage.story(2, "status").await;
    assert!(
        story[5].starts_with("malformed by server: headers of "),
        "{story:?}"
    );
    assert!(story[6].starts_with("status 8"), "{story:?}");
}
