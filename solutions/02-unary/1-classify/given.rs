//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Session};
use proto::classification::v1::DocumentType;

/// Runs the exercise.
pub async fn classify<F>(
    session: Session,
    exercise: impl FnOnce(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<DocumentType>, Error>>,
{
    let documents = session.documents();
    let ids: Vec<_> = documents
        .iter()
        .map(|document| document.id.clone())
        .collect();
    let types = exercise(session.peer_address(), documents).await?;
    for (index, document_type) in types.iter().enumerate() {
        let id = ids.get(index).map_or("one too many", String::as_str);
        kit::report(format!("{id}: {}", document_type.as_str_name()));
    }
    Ok(())
}
