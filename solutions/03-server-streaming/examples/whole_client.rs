//! A whole client that reads a stream. The page "Server streaming" shows it; the server is `whole_server.rs`.
//!
//!     cargo run -p solution-server-streaming --example whole_client

// ANCHOR: client
use std::error::Error;

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or("http://127.0.0.1:50051".to_owned());
    let texts = ["Dear Leo, thank you", "Invoice 8129", "Dear Ms Arias"];
    let count = ask(address, &texts).await?;
    println!("{count} answers, and then the status OK");
    Ok(())
}

async fn ask(address: String, texts: &[&str]) -> Result<usize, Box<dyn Error>> {
    let mut client = DocumentClassifierClient::connect(address).await?;
    let documents = texts.iter().map(|text| ClassifyRequest {
        text: text.to_string(),
        ..Default::default()
    });
    let batch = ClassifyBatchRequest {
        requests: documents.collect(),
        ..Default::default()
    };
    let mut answers = client.classify_batch(batch).await?.into_inner();
    let mut count = 0;
    while let Some(answer) = answers.message().await? {
        println!("document {}: {:?}", answer.sequence_number, answer.result);
        count += 1;
    }
    Ok(count)
}
// ANCHOR_END: client

#[cfg(test)]
#[path = "whole_server.rs"]
#[expect(dead_code, reason = "the test calls what its main calls")]
mod server;

/// Both programs as the page shows them, on a free port.
#[cfg(test)]
#[tokio::test]
async fn client_reads_what_the_server_streams() -> Result<(), Box<dyn Error>> {
    use tonic::transport::server::TcpIncoming;

    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    let address = format!("http://{}", incoming.local_addr()?);
    tokio::spawn(async move { server::serve(incoming).await.map_err(|it| it.to_string()) });
    assert_eq!(ask(address.clone(), &["Dear Leo", "Total"]).await?, 2);
    let refused = ask(address, &[]).await;
    let refused = refused.map_err(|it| it.to_string());
    assert!(refused.is_err_and(|it| it.contains("the batch is empty")));
    Ok(())
}
