//! protobuf.1: your first message, there and back.
//!
//! A message is a Rust struct, and prost's `Message` trait turns it into bytes and back. The peer
//! reads your bytes, adds the model that it would use, and sends the message back.
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.1`.

use kit::{Document, Peer};
use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

/// Sends the peer a request for `document` and returns the request that it sends back.
pub fn round_trip(document: Document, peer: &mut Peer) -> Result<ClassifyRequest, DecodeError> {
    kit::gap!(
        "Send the peer, in one `send`, an encoded `ClassifyRequest` with the document's \
         text, its id and `max_results` 3, and with nothing else set. Then decode what it \
         sends back, and return that: the request, or the error if its bytes do not \
         decode.";
        use ClassifyRequest, Message;
        document, peer
    )
}
