//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Peer, Session};
use prost::DecodeError;
use proto::classification::v1::ClassifyRequest;

/// Runs the exercise.
pub async fn round_trip(
    session: Session,
    exercise: impl FnOnce(Document, &mut Peer) -> Result<ClassifyRequest, DecodeError>,
) -> Result<(), Error> {
    // ANCHOR: round_trip
    let document = session.documents().remove(0);
    let mut peer = session.into_peer();
    let answer = exercise(document, &mut peer)?;
    kit::report(format!("document_id: {}", answer.document_id));
    kit::report(format!("text: {} characters", answer.text.chars().count()));
    kit::report(format!("model_version: {}", answer.model_version));
    kit::report(match answer.max_results {
        Some(count) => format!("max_results: {count}"),
        None => "max_results: not set".to_owned(),
    });
    // ANCHOR_END: round_trip
    Ok(())
}
