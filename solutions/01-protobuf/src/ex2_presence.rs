//! protobuf.2: not set, set to zero, and not known.
//!
//! A model's host that is newer than this program has ranked what a document may be; clients ask for the best of that.
//! `max_results` is `optional` in the contract, so prost gives an `Option<i32>`; `document_type` is an enum, and prost
//! keeps it as the `i32` that came, since a newer peer may send a number that this program has no name for. (`Label` and
//! `OutOfRange` are in run.rs.)

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
    // gap: Refuse a max_results that is set and not 1 to 5 with OutOfRange, else send the peer a ClassifyResponse with the document_id and the first max_results of the ranking (3 if not set), and return the Label of each result in it.
    // uses: ClassifyResponse, DocumentType, Label, Message, OutOfRange, UnknownEnumValue; peer, ranking, request
    // ANCHOR: solution
    let count = match request.max_results {
        None => 3,
        Some(count @ 1..=5) => count as usize,
        Some(count) => return Err(OutOfRange(count)),
    };
    let response = ClassifyResponse {
        document_id: request.document_id,
        results: ranking.iter().take(count).cloned().collect(),
        ..Default::default()
    };
    peer.send(response.encode_to_vec());
    let label = |result: &ClassificationResult| match DocumentType::try_from(result.document_type) {
        Ok(DocumentType::Unspecified) => Label::NotSet,
        Ok(known) => Label::Known(known),
        Err(UnknownEnumValue(number)) => Label::Newer(number),
    };
    Ok(response.results.iter().map(label).collect())
    // ANCHOR_END: solution
    // end of gap
}
