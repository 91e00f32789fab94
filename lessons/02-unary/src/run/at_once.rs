//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Session};
use proto::classification::v1::ClassifyResponse;

use crate::answers::best;

/// Runs the exercise.
pub async fn at_once<F>(
    session: Session,
    exercise: impl FnOnce(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<ClassifyResponse>, Error>>,
{
    let documents = session.documents();
    let mut ids = documents
        .iter()
        .map(|document| document.id.clone())
        .collect::<Vec<_>>()
        .into_iter();
    for answer in exercise(session.peer_address(), documents).await? {
        let id = ids.next().unwrap_or_else(|| "one too many".to_owned());
        let about = answer.document_id.clone();
        let name = best(answer).as_str_name();
        kit::report(format!("{id}: the answer for {about}, {name}"));
    }
    Ok(())
}
