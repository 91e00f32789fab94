//! What compression saves, and what it costs a short message.

use tonic::codec::CompressionEncoding::Gzip;
use wordcount_service::client::{connect, count, endpoint};
use wordcount_service::trace::TraceId;
use wordcount_service::words::v1::CountRequest;
use wordcount_service::words::v1::word_counter_client::WordCounterClient;

use crate::meter::Meter;
use crate::support::{LONG, Running, counter, document, options};

/// Bytes of the request's message on the wire: not compressed, and compressed.
async fn sizes(text: &str) -> (usize, usize) {
    let server = Running::start(counter(), options(None));
    let meter = Meter::before(server.address).await.expect("a free port");
    let uri = format!("http://{}", meter.address);
    let channel = connect(&endpoint(uri, None).expect("a URI"), LONG).await;
    let channel = channel.expect("a connection");

    let request = CountRequest {
        document: Some(document(text)),
    };
    let answer = WordCounterClient::new(channel.clone()).count(request).await;
    answer.expect("an answer");
    let plain = meter.counts.borrow().message_bytes;
    let answer = count(&channel, document(text), LONG, TraceId::begin()).await;
    answer.expect("an answer");
    (plain, meter.counts.borrow().message_bytes - plain)
}

#[tokio::test]
async fn a_long_text_is_smaller() {
    let (plain, gzip) = sizes(include_str!("../../examples/alice.txt")).await;
    assert!(gzip * 3 < plain * 2, "{plain} and {gzip} bytes");
}

#[tokio::test]
async fn a_short_text_is_larger() {
    let (plain, gzip) = sizes("The cat is in the garden").await;
    assert!(gzip > plain, "{plain} and {gzip} bytes");
}

/// Compressed is only what the client has said that it can read.
#[tokio::test]
async fn answers_are_compressed_for_clients_that_accept_it() {
    let server = Running::start(counter(), options(None));
    let client = WordCounterClient::new(server.channel().await);
    for (mut client, expected) in [
        (client.clone(), None),
        (client.accept_compressed(Gzip), Some("gzip")),
    ] {
        let request = CountRequest {
            document: Some(document("one two")),
        };
        let answer = client.count(request).await.expect("an answer");
        let encoding = answer.metadata().get("grpc-encoding");
        let encoding = encoding.map(|value| value.to_str().expect("ASCII").to_owned());
        assert_eq!(encoding.as_deref(), expected);
    }
}
