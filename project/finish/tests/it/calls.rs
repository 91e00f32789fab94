//! Calls without TLS: answers, refusals, deadlines, a server that is not there.

use std::time::Duration;

use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request};
use wordcount_service::client::{connect, count, endpoint};
use wordcount_service::serve;
use wordcount_service::trace::TraceId;
use wordcount_service::words::v1::CountRequest;
use wordcount_service::words::v1::word_counter_client::WordCounterClient;

use crate::support::{LONG, Running, counter, document, options, slow};

#[tokio::test]
async fn words_are_counted() {
    let server = Running::start(counter(), options(None));
    let text = document("The cat is in the garden");
    let answer = count(&server.channel().await, text, LONG, TraceId::begin()).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.words, answer.uncommon), (6, 2));
}

#[tokio::test]
async fn a_request_without_a_document_is_refused() {
    let server = Running::start(counter(), options(None));
    let mut client = WordCounterClient::new(server.channel().await);
    let answer = client.count(CountRequest { document: None }).await;
    let status = answer.expect_err("nothing to count");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "document is missing");
}

/// What is small on the wire may be large once it is decompressed.
#[tokio::test]
async fn a_message_over_the_limit_is_refused_compressed_or_not() {
    let server = Running::start(counter(), options(None));
    let channel = server.channel().await;
    let large = "word ".repeat(300_000);
    let answer = count(&channel, document(&large), LONG, TraceId::begin()).await;
    let compressed = answer.expect_err("1.5 MB").code();
    let mut plain = WordCounterClient::new(channel);
    let request = CountRequest {
        document: Some(document(&large)),
    };
    let answer = plain.count(Request::new(request)).await;
    let plain = answer.expect_err("1.5 MB").code();
    assert_eq!(
        (compressed, plain),
        (Code::ResourceExhausted, Code::OutOfRange)
    );
}

#[tokio::test]
async fn a_deadline_ends_the_call() {
    let (slow, _begins, _permits) = slow();
    let server = Running::start(slow, options(None));
    let deadline = Duration::from_millis(50);
    let answer = count(
        &server.channel().await,
        document(""),
        deadline,
        TraceId::begin(),
    )
    .await;
    let status = answer.expect_err("nobody answers");
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn without_a_server_a_call_fails_at_once() {
    let channel = endpoint(closed().await, None)
        .expect("a URI")
        .connect_lazy();
    let answer = count(&channel, document(""), LONG, TraceId::begin()).await;
    assert_eq!(
        answer.expect_err("nobody listens").code(),
        Code::Unavailable
    );
}

#[tokio::test]
async fn connecting_waits_for_a_server_that_comes_later() {
    let uri = closed().await;
    let endpoint = endpoint(uri.clone(), None).expect("a URI");
    connect(&endpoint, Duration::ZERO)
        .await
        .expect_err("nobody listens");

    let later = tokio::spawn(async move { connect(&endpoint, LONG).await });
    let address = uri.strip_prefix("http://").expect("as it was made").parse();
    let incoming = TcpIncoming::bind(address.expect("an address")).expect("it is free again");
    let server = serve(incoming, counter(), options(None), std::future::pending());
    tokio::select! {
        channel = later => drop(channel.expect("no panic").expect("a connection")),
        ended = server => panic!("the server ended: {ended:?}"),
    }
}

/// An address at which nobody listens.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let address = listener.expect("a free port").local_addr();
    format!("http://{}", address.expect("its address"))
}
