//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;

use crate::host::{Host, serve};

/// Runs the exercise.
pub async fn first_results<S: DocumentClassifier>(
    session: Session,
    exercise: impl FnOnce(Host, usize) -> S,
) -> Result<(), Error> {
    let max_documents = session.setting("max_documents")?.parse()?;
    serve(session, |host| exercise(host, max_documents)).await
}
