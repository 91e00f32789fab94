//! protobuf.2: not set, set to zero, and not known.
//!
//! A model's host that is newer than this program has ranked what a document may be; clients ask for the best of that.
//! `max_results` is `optional` in the contract, so prost gives an `Option<i32>`; `document_type` is an enum, and prost
//! keeps it as the `i32` that came, since a newer peer may send a number that this program has no name for. (`Label` and
//! `OutOfRange` are in run.rs.)
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.2`.

use kit::Peer;
use prost::{Message, UnknownEnumValue};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};

use crate::run::{Label, OutOfRange};

/// Answers one request from the ranking, best first, and says what the type of each result that it sent is.
pub fn answer(
    request: ClassifyRequest,
    ranking: &[ClassificationResult],
    peer: &mut Peer,
) -> Result<Vec<Label>, OutOfRange> {
    kit::gap!(
        "Refuse a max_results that is set and not 1 to 5 with OutOfRange, else send the \
         peer a ClassifyResponse with the document_id and the first max_results of the \
         ranking (3 if not set), and return the Label of each result in it.";
        use ClassifyResponse, DocumentType, Label, Message, OutOfRange, UnknownEnumValue;
        peer, ranking, request
    )
}
