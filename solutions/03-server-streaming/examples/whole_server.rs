//! A whole server whose answer is a stream. The page "Server streaming" shows it; the client is `whole_client.rs`, whose
//! test runs both.
//!
//!     cargo run -p solution-server-streaming --example whole_server

// ANCHOR: server
use std::error::Error;

use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassificationResult, ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest,
    ClassifyResponse, DocumentType,
};
use tonic::codegen::BoxStream;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

struct Classifier;

#[tonic::async_trait]
impl DocumentClassifier for Classifier {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = request.into_inner().requests;
        if documents.is_empty() {
            return Err(Status::invalid_argument("the batch is empty"));
        }
        let count = documents.len();
        let answers = documents.into_iter().zip(0..);
        let answers = answers.map(move |(document, number)| {
            Ok(ClassifyBatchResponse {
                result: Some(classify(document)),
                sequence_number: number,
                is_last: number as usize + 1 == count,
                ..Default::default()
            })
        });
        Ok(Response::new(Box::pin(tokio_stream::iter(answers))))
    }
}

/// A rule of one word stands for the model.
fn classify(document: ClassifyRequest) -> ClassifyResponse {
    let document_type = if document.text.starts_with("Dear") {
        DocumentType::Letter
    } else {
        DocumentType::Invoice
    };
    let result = ClassificationResult {
        document_type: document_type.into(),
        confidence: 1.0,
        ..Default::default()
    };
    ClassifyResponse {
        document_id: document.document_id,
        results: vec![result],
        ..Default::default()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or("127.0.0.1:50051".to_owned());
    let incoming = TcpIncoming::bind(address.parse()?)?.with_nodelay(Some(true));
    println!("listening on {}", incoming.local_addr()?);
    serve(incoming).await
}

/// Serves until the program ends.
pub async fn serve(incoming: TcpIncoming) -> Result<(), Box<dyn Error>> {
    Server::builder()
        .add_service(DocumentClassifierServer::new(Classifier))
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}
// ANCHOR_END: server
