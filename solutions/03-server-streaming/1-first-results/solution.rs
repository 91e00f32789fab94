//! The first method with a stream of answers: the caller has the first results while the edge is still asking about the
//! rest. What is returned is a stream, and tonic sends what it yields.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

// imports
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
// end of imports

use crate::run::{Host, classify};

// ANCHOR: service
/// The service that clients call.
pub struct Edge {
    /// Calls the host. A clone is cheap and shares the connection.
    pub host: Host,
    /// How many documents a batch may have.
    pub max_documents: usize,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = request.into_inner().requests;
        // ANCHOR_END: service
        // gap
        // uses: classify; self.host, self.max_documents, documents
        let count = documents.len();
        // hint, 4 lines: ... // return Err(Status::...) for a batch that is empty or too long
        if !(1..=self.max_documents).contains(&count) {
            let limit = format!("a batch has 1 to {} documents", self.max_documents);
            return Err(Status::invalid_argument(limit));
        }
        let host = self.host.clone();
        let (answers, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for (index, document) in documents.into_iter().enumerate() {
                // hint: let classified = classify(..., document).await;
                let classified = classify(host.clone(), document).await;
                let answer = classified.map(|result| ClassifyBatchResponse {
                    result: Some(result),
                    // hint, 2 lines: ... // the other fields
                    sequence_number: index as i32,
                    is_last: index + 1 == count,
                    error: None,
                });
                // hint, 4 lines: ... // send it, and stop where it is an error
                let failed = answer.is_err();
                if answers.send(answer).await.is_err() || failed {
                    return;
                }
            }
        });
        // hint: Ok(Response::new(Box::pin(...)))
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
        // end of gap
    }
}
