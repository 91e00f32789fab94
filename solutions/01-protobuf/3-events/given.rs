//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Peer, Session};
use prost::DecodeError;

// ANCHOR: outcome
/// What the event that answers a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was classified. The keywords of all results, in their order.
    Complete(Vec<String>),
    /// It failed. The error's code, and its metadata, sorted by key as Rust sorts a `String`.
    Failed(String, Vec<(String, String)>),
    /// None of these, or of a kind that this program does not know.
    Unknown,
}
// ANCHOR_END: outcome

/// Runs the exercise.
pub async fn events(
    session: Session,
    exercise: impl Fn(Document, &mut Peer) -> Result<Outcome, DecodeError>,
) -> Result<(), Error> {
    let documents = session.documents();
    let mut peer = session.into_peer();
    for document in documents {
        let id = document.id.clone();
        let line = match exercise(document, &mut peer) {
            Ok(Outcome::Complete(keywords)) => format!("complete, {keywords:?}"),
            Ok(Outcome::Failed(code, metadata)) => {
                let pairs = metadata
                    .iter()
                    .map(|(key, value)| format!(" {key}={value:?}"));
                format!("failed, {code}{}", pairs.collect::<String>())
            }
            Ok(Outcome::Unknown) => "unknown kind".to_owned(),
            Err(_) => "returned an error".to_owned(),
        };
        kit::report(format!("{id}: {line}"));
    }
    Ok(())
}
