//! A whole client: it asks how many words a text has.

use std::error::Error;
use std::time::Duration;

use tonic::Request;
use wordcount::document::v1::Document;
use wordcount::words::v1::CountRequest;
use wordcount::words::v1::word_counter_client::WordCounterClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or("http://127.0.0.1:50051".to_owned());
    let mut client = WordCounterClient::connect(address).await?;

    let document = Document {
        id: "letter-1".to_owned(),
        text: "The cat is in the garden".to_owned(),
    };
    let mut request = Request::new(CountRequest {
        document: Some(document),
    });
    request.set_timeout(Duration::from_secs(2));
    let answer = client.count(request).await?.into_inner();
    println!(
        "{} words, {} of them uncommon",
        answer.words, answer.uncommon
    );
    Ok(())
}
