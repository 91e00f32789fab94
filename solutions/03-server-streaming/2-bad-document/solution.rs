//! A batch of a hundred documents is not worth less because one of them fails. The failure is an answer like any other,
//! and the status of the call is kept for what concerns the whole batch.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

// imports
use tokio_stream::StreamExt;
// end of imports

use crate::run::{Host, classify, to_error};

/// The service that clients call.
pub struct Edge {
    /// Calls the host. A clone is cheap and shares the connection.
    pub host: Host,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let documents = request.into_inner().requests;
        // gap
        // uses: classify, to_error; self.host, documents
        let count = documents.len() as i32;
        let host = self.host.clone();
        // hint: let answers = tokio_stream::iter(...).then(move |(index, document)| {
        let answers = tokio_stream::iter((0..).zip(documents)).then(move |(index, document)| {
            // hint: let asked = classify(...);
            let asked = classify(host.clone(), document);
            async move {
                let (result, error) = match asked.await {
                    Ok(result) => (Some(result), None),
                    // hint: Err(status) => ...
                    Err(status) => (None, Some(to_error(status))),
                };
                Ok(ClassifyBatchResponse {
                    result,
                    error,
                    // hint, 2 lines: ... // the other fields
                    sequence_number: index,
                    is_last: index + 1 == count,
                })
            }
        });
        Ok(Response::new(Box::pin(answers)))
        // end of gap
    }
}
