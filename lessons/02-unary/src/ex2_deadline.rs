//! unary.2: a deadline, and metadata.
//!
//! A deadline that only you know saves you the wait. One that goes out as the `grpc-timeout` header saves the server
//! the work as well.
//!
//! Fill the gap, save, and run `cargo xtask check unary.2`.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::run::{AskError, Question, best, request_for};

/// Asks one question. Waits no longer than its deadline, and the server knows the deadline too.
pub async fn ask(channel: Channel, question: Question) -> Result<DocumentType, AskError> {
    let mut request: Request<ClassifyRequest> = request_for(&question.document);
    kit::gap!(
        "Send `request` with the question's deadline, and with the question's correlation \
         id under the metadata key `x-correlation-id`. If the id cannot be a metadata \
         value, send the request without one. Return what `best` makes of the answer. \
         Turn a deadline that passed, whether your side or the server says so, into \
         `AskError::DeadlineExceeded`, and any other error status into \
         `AskError::Failed`, as it came.";
        use AskError, Code, DocumentClassifierClient, timeout;
        best, channel, question, &mut request
    )
}
