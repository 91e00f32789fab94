//! protobuf.2: not set, set to zero, and not known.
//!
//! A newer program, which hosts a model, has ranked what a document may be. Clients ask for the
//! best of that. `max_results` is `optional` in the contract, so prost gives an `Option<i32>`.
//! `document_type` is an enum, and prost keeps it as the `i32` that came, since a newer peer may
//! send a number that this program has no name for. (`Label` and `OutOfRange` are given: see the
//! last import.)
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.2`.

use kit::Peer;
use prost::{Message, UnknownEnumValue};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};

use crate::run::{Label, OutOfRange};

/// Answers one request from the ranking, which is best first. Returns a label for each result that it sent.
pub fn answer(
    request: ClassifyRequest,
    ranking: &[ClassificationResult],
    peer: &mut Peer,
) -> Result<Vec<Label>, OutOfRange> {
    kit::gap!(
        "If `max_results` is set and is not one of 1 to 5, return `OutOfRange` with that \
         number, and send nothing. Otherwise send the peer, in one `send`, a \
         `ClassifyResponse` with the request's `document_id` and the first `max_results` \
         results of the ranking, unchanged, or the first 3 if `max_results` is not set. \
         If the ranking has fewer, send all that it has. Return the `Label` of each \
         result that you sent, in the same order.";
        use ClassifyResponse, DocumentType, Label, Message, OutOfRange, UnknownEnumValue;
        peer, ranking, request
    )
}
