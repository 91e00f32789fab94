//! A newer program, which hosts a model, has ranked what a document may be. Clients ask for the
//! best of that. `max_results` is `optional` in the contract, so prost gives an `Option<i32>`.
//! `document_type` is an enum, and prost keeps it as the `i32` that came, since a newer peer may
//! send a number that this program has no name for. (`Label` and `OutOfRange` are given: see the
//! last import.)

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
    // gap
    // uses: ClassifyResponse, DocumentType, Label, Message, OutOfRange, UnknownEnumValue; peer, ranking, request
    let count = match request.max_results {
        None => 3,
        Some(count @ 1..=5) => count as usize,
        Some(count) => return Err(OutOfRange(count)),
    };
    let response = ClassifyResponse {
        // hint: document_id: ...,
        document_id: request.document_id,
        // hint: results: ranking.iter()...,
        results: ranking.iter().take(count).cloned().collect(),
        ..Default::default()
    };
    // hint: peer.send(...);
    peer.send(response.encode_to_vec());
    let label = |number| match DocumentType::try_from(number) {
        Ok(DocumentType::Unspecified) => Label::NotSet,
        // hint: Ok(known) => ...,
        Ok(known) => Label::Known(known),
        // hint: Err(UnknownEnumValue(newer)) => ...,
        Err(UnknownEnumValue(newer)) => Label::Newer(newer),
    };
    let results = response.results.iter();
    Ok(results.map(|result| label(result.document_type)).collect())
    // end of gap
}
