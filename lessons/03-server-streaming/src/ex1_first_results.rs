//! server-streaming.1: the first results first.
//!
//! The first method with a stream of answers: the caller has the first results while the edge is still asking about the
//! rest. What is returned is a stream, and tonic sends what it yields.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.1`.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

// Your imports go here.

use crate::run::{Host, classify};

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
        kit::gap!(
            "Answer a batch with a stream: one `ClassifyBatchResponse` for each document, \
             in the batch's order, each sent as soon as the host has answered about it. \
             Ask the host with `classify`, about one document at a time and in order. \
             `sequence_number` counts from 0, and `is_last` is true on the last answer \
             only. Refuse a batch that is empty or has more than `self.max_documents` \
             documents with `INVALID_ARGUMENT`, before you ask the host. If the host \
             fails, end the call with the host's status as it is, behind the answers that \
             came before, and do not ask the host about the rest.";
            use classify;
            self.host, self.max_documents, documents
        )
    }
}
