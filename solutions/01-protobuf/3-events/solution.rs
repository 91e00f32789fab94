//! A `oneof` is an enum in an `Option`: at most one kind is set. `None` also stands for a kind that
//! only a newer peer knows. A nested message is a struct, `repeated` is a `Vec`, and a map is a
//! `HashMap`, which has no order, neither here nor on the wire. (`Outcome` is given: see the last
//! import.)

use kit::{Document, Peer};
use prost::{DecodeError, Message};
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{ClassificationEvent, ClassifyRequest};

use crate::run::Outcome;

/// Asks the peer to classify a document, and returns what the event that answers it says.
pub fn classify(document: Document, peer: &mut Peer) -> Result<Outcome, DecodeError> {
    // gap
    // uses: ClassificationEvent, ClassifyRequest, EventType, Message, Outcome; document, peer
    // hint, 5 lines: let request = ClassifyRequest { ... };
    let request = ClassifyRequest {
        text: document.text,
        document_id: document.id.clone(),
        ..Default::default()
    };
    let event = ClassificationEvent {
        // hint: correlation_id: ...,
        correlation_id: document.id,
        event_type: Some(EventType::ClassificationStarted(request)),
    };
    peer.send(event.encode_to_vec());
    let answer = ClassificationEvent::decode(peer.receive().as_slice())?;
    Ok(match answer.event_type {
        Some(EventType::ClassificationComplete(response)) => {
            let results = response.results.into_iter();
            // hint: Outcome::Complete(results.flat_map(...).collect())
            Outcome::Complete(results.flat_map(|result| result.keywords).collect())
        }
        Some(EventType::ClassificationFailed(error)) => {
            let mut metadata: Vec<_> = error.metadata.into_iter().collect();
            // hint: ...; // put it in order
            metadata.sort();
            Outcome::Failed(error.code, metadata)
        }
        Some(EventType::ClassificationStarted(_)) | None => Outcome::Unknown,
    })
    // end of gap
}
