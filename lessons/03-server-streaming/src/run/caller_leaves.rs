//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchResponse, ClassifyResponse};

use crate::host::{Host, serve};

/// Serves the edge.
pub async fn caller_leaves<S: DocumentClassifier>(
    session: Session,
    edge: impl FnOnce(Host) -> S,
) -> Result<(), Error> {
    serve(session, edge).await
}

/// The answer about one document of a batch.
pub fn to_item(
    // From 0.
    place: usize,
    // Of how many documents.
    count: usize,
    result: ClassifyResponse,
) -> ClassifyBatchResponse {
    ClassifyBatchResponse {
        result: Some(result),
        sequence_number: place as i32,
        is_last: place + 1 == count,
        error: None,
    }
}
