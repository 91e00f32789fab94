//! How the course calls the exercise, and what it gives it.
// FILL: the types that the exercise is given, and what is reported of its result.

use kit::{Document, Error, Peer, Session};

/// Runs the exercise.
pub async fn out_of_order(
    session: Session,
    exercise: impl Fn(Document, &mut Peer) -> Result<String, Error>,
) -> Result<(), Error> {
    let documents = session.documents();
    let mut peer = session.into_peer();
    for document in documents {
        let id = document.id.clone();
        let answer = exercise(document, &mut peer)?;
        kit::report(format!("{id}: {answer}"));
    }
    Ok(())
}
