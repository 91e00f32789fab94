//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Peer, Session};
use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

/// Runs the exercise.
pub async fn round_trip(
    session: Session,
    exercise: impl Fn(Document, &mut Peer) -> Result<ClassifyRequest, DecodeError>,
) -> Result<(), Error> {
    let documents = session.documents();
    let mut peer = session.into_peer();
    for document in documents {
        let id = document.id.clone();
        match exercise(document, &mut peer) {
            Ok(answer) => report(&id, &answer),
            Err(_) => kit::report(format!("{id}: returned an error")),
        }
    }
    Ok(())
}

fn report(id: &str, answer: &ClassifyRequest) {
    let max_results = match answer.max_results {
        Some(count) => format!("max_results {count}"),
        None => "max_results not set".to_owned(),
    };
    // Two fields, and a digest of the whole: a number that changes when any field does.
    let version = &answer.model_version;
    let digest = kit::digest(&answer.encode_to_vec());
    kit::report(format!(
        "{id}: model_version {version:?}, {max_results}, whole {digest}"
    ));
}
