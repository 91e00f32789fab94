//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Session};
use proto::classification::v1::DocumentType;

use crate::answers::NOBODY;

/// Runs the exercise, once for each list of documents.
pub async fn classify<F>(
    session: Session,
    exercise: impl Fn(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<DocumentType>, Error>>,
{
    let mut documents = session.documents().into_iter();
    let unasked = documents.clone().take(1).collect();
    for (list, length) in session.setting("lists")?.split(' ').enumerate() {
        let documents: Vec<_> = documents.by_ref().take(length.parse()?).collect();
        let ids: Vec<_> = documents.iter().map(|it| it.id.clone()).collect();
        match exercise(session.peer_address(), documents).await {
            Ok(types) => report(&ids, &types),
            // Every document of the first list has a type.
            Err(error) if list == 0 => return Err(error),
            Err(_) => kit::report(format!("{}: an error", ids.join(", "))),
        }
    }
    let answered = exercise(NOBODY.to_owned(), unasked).await.is_ok();
    let came = if answered { "no error" } else { "an error" };
    kit::report(format!("where nobody listens: {came}"));
    Ok(())
}

/// Each document with its type.
fn report(ids: &[String], types: &[DocumentType]) {
    for (index, id) in ids.iter().enumerate() {
        let name = types
            .get(index)
            .map_or("nothing", DocumentType::as_str_name);
        kit::report(format!("{id}: {name}"));
    }
    for one_too_many in types.iter().skip(ids.len()) {
        kit::report(format!("one too many: {}", one_too_many.as_str_name()));
    }
}
