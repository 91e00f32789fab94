//! server-streaming.2: one bad document.
//!
//! A batch of a hundred documents is not worth less because one of them fails. The failure is an answer like any other,
//! and the status of the call is kept for what concerns the whole batch.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.2`.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

// Your imports go here.

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
        kit::gap!(
            "Answer a batch with a stream: one `ClassifyBatchResponse` for each document, \
             in the batch's order, each sent as soon as the host has answered about it. \
             Ask the host about each document once with `classify`, one at a time and in \
             order, also about one without a text. A document that fails does not end the \
             batch: if `classify` returns a status, whichever it is, the answer has \
             `error`, which `to_error(status)` makes, and no `result`. Then go on with \
             the next document. The call ends with `OK`. `sequence_number` counts all \
             documents from 0, and `is_last` is true on the last answer only, whether \
             that document failed or not.";
            use classify, to_error;
            self.host, documents
        )
    }
}
