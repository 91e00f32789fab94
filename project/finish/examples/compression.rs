//! `cargo run --example compression`: how many bytes a request's message has on the wire, with and without gzip.

#[path = "../tests/it/meter.rs"]
mod meter;

use std::path::Path;
use std::time::Duration;

use meter::Meter;
use tonic::transport::server::TcpIncoming;
use wordcount_service::client::{connect, count, endpoint};
use wordcount_service::document::v1::Document;
use wordcount_service::trace::TraceId;
use wordcount_service::words::v1::CountRequest;
use wordcount_service::words::v1::word_counter_client::WordCounterClient;
use wordcount_service::{Counter, Error, Options, serve};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into())?;
    let meter = Meter::before(incoming.local_addr()?).await?;
    let counter = Counter::load(Path::new("common-words.txt"))?;
    let options = Options {
        tls: None,
        notice: Duration::ZERO,
        grace: Duration::ZERO,
    };
    tokio::spawn(serve(incoming, counter, options, std::future::pending()));

    let uri = format!("http://{}", meter.address);
    let channel = connect(&endpoint(uri, None)?, Duration::from_secs(5)).await?;
    let mut random = fastrand::Rng::with_seed(1);
    let random: String = (0..1000).map(|_| random.alphanumeric()).collect();
    println!("{:<16}{:>10}{:>10}", "text", "plain", "gzip");
    for (name, text) in [
        ("one sentence", "The cat is in the garden"),
        ("a page of Alice", include_str!("alice.txt")),
        ("random letters", &random),
    ] {
        let document = Document {
            id: "letter-1".to_owned(),
            text: text.to_owned(),
        };
        let before = meter.counts.borrow().message_bytes;
        let mut client = WordCounterClient::new(channel.clone());
        let request = CountRequest {
            document: Some(document.clone()),
        };
        client.count(request).await?;
        let between = meter.counts.borrow().message_bytes;
        count(&channel, document, Duration::from_secs(5), TraceId::begin()).await?;
        let after = meter.counts.borrow().message_bytes;
        println!("{name:<16}{:>10}{:>10}", between - before, after - between);
    }
    Ok(())
}
