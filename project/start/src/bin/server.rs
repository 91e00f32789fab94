//! A whole server: it counts the words of a document, and those that are not
//! common.

use std::collections::HashSet;
use std::error::Error;

use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};
use wordcount::words::v1::word_counter_server::{WordCounter, WordCounterServer};
use wordcount::words::v1::{CountRequest, CountResponse};

/// What is made once, before the first call, and shared by all calls.
struct Counter {
    /// The list of common words, in lower case.
    common: HashSet<String>,
}

#[tonic::async_trait]
impl WordCounter for Counter {
    async fn count(
        &self,
        request: Request<CountRequest>,
    ) -> Result<Response<CountResponse>, Status> {
        let Some(document) = request.into_inner().document else {
            return Err(Status::invalid_argument("document is missing"));
        };
        let mut answer = CountResponse::default();
        for word in document.text.split_whitespace() {
            answer.words += 1;
            if !self.common.contains(&word.to_lowercase()) {
                answer.uncommon += 1;
            }
        }
        Ok(Response::new(answer))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or("127.0.0.1:50051".to_owned());
    let list = std::fs::read_to_string("common-words.txt")?;
    let common = list.lines().map(str::to_owned).collect();

    // Without "nodelay", TCP may hold a small message back until the last one
    // has arrived.
    let incoming = TcpIncoming::bind(address.parse()?)?.with_nodelay(Some(true));
    println!("listening on {}", incoming.local_addr()?);
    Server::builder()
        .add_service(WordCounterServer::new(Counter { common }))
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}
