//! A message is a Rust struct, and prost's `Message` trait turns it into bytes and back. The peer
//! reads your bytes, adds the model that it would use, and sends the message back.

use kit::{Document, Peer};
use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

/// Sends the peer a request for `document` and returns the request that it sends back.
pub fn round_trip(document: Document, peer: &mut Peer) -> Result<ClassifyRequest, DecodeError> {
    // gap
    // uses: ClassifyRequest, Message; document, peer
    let request = ClassifyRequest {
        // hint: text: ...,
        text: document.text,
        // hint: document_id: ...,
        document_id: document.id,
        // hint: max_results: ...,
        max_results: Some(3),
        ..Default::default()
    };
    peer.send(request.encode_to_vec());
    ClassifyRequest::decode(peer.receive().as_slice())
    // end of gap
}
