//! protobuf.3: messages in messages, lists, maps, and one of several.
//!
//! A `oneof` is an enum in an `Option`: at most one kind is set. `None` also stands for a kind that
//! only a newer peer knows. A nested message is a struct, `repeated` is a `Vec`, and a map is a
//! `HashMap`, which has no order, neither here nor on the wire. (`Outcome` is given: see the last
//! import.)
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.3`.

use kit::{Document, Peer};
use prost::{DecodeError, Message};
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{ClassificationEvent, ClassifyRequest};

use crate::run::Outcome;

/// Asks the peer to classify a document, and returns what the event that answers it says.
pub fn classify(document: Document, peer: &mut Peer) -> Result<Outcome, DecodeError> {
    kit::gap!(
        "Send the peer, in one `send`, a `ClassificationEvent`. Its `correlation_id` is \
         the document's id. Its `event_type` is `ClassificationStarted`, which holds a \
         `ClassifyRequest` with the document's text and id, and nothing else. Then decode \
         the event that answers it, and return its `Outcome`, or the error if its bytes \
         do not decode.";
        use ClassificationEvent, ClassifyRequest, EventType, Message, Outcome;
        document, peer
    )
}
