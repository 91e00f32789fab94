//! A deadline that only you know saves you the wait. One that goes out as the `grpc-timeout` header saves the server
//! the work as well.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::run::{AskError, Question, best, request_for};

/// Asks one question. Waits no longer than its deadline, and the server knows the deadline too.
pub async fn ask(channel: Channel, question: Question) -> Result<DocumentType, AskError> {
    let mut request: Request<ClassifyRequest> = request_for(&question.document);
    // gap
    // uses: AskError, Code, DocumentClassifierClient, timeout; best, channel, question, &mut request
    // hint: request.set_timeout(...);
    request.set_timeout(question.deadline);
    if let Ok(id) = question.correlation_id.parse() {
        // hint: request.metadata_mut().insert(..., id);
        request.metadata_mut().insert("x-correlation-id", id);
    }
    let mut client = DocumentClassifierClient::new(channel);
    match timeout(question.deadline, client.classify(request)).await {
        Ok(Ok(response)) => Ok(best(response.into_inner())),
        Ok(Err(status)) => match status.code() {
            // hint, 2 lines: Code::Cancelled | ... => ...,
            // Where tonic's own timer for the header fires first, the code is CANCELLED.
            Code::Cancelled | Code::DeadlineExceeded => Err(AskError::DeadlineExceeded),
            // hint: _ => ...,
            _ => Err(AskError::Failed(status)),
        },
        // hint: Err(_elapsed) => ..., // your own wait is over
        Err(_elapsed) => Err(AskError::DeadlineExceeded),
    }
    // end of gap
}
