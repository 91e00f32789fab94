//! Requests, answers and errors that several exercises share.

use std::time::Instant;

use kit::Document;
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use proto::model::v1::{RankResponse, Score};
use tonic::{Code, Request, Status};

/// A request for the one best result.
pub fn request_for(document: &Document) -> Request<ClassifyRequest> {
    Request::new(ClassifyRequest {
        text: document.text.clone(),
        document_id: document.id.clone(),
        max_results: Some(1),
        ..Default::default()
    })
}

/// The first result of an answer. A type that this program does not know counts as
/// unspecified.
pub fn best(response: ClassifyResponse) -> DocumentType {
    let number = response
        .results
        .first()
        .map_or(0, |result| result.document_type);
    DocumentType::try_from(number).unwrap_or_default()
}

/// An address of this machine where nobody listens: no program is given this port.
pub const NOBODY: &str = "http://127.0.0.1:1";

/// The edge's answer about a document: a result for each of the host's scores, in
/// their order. `arrived` is when the call came in.
pub fn to_response(
    document_id: String,
    ranking: RankResponse,
    arrived: Instant,
) -> ClassifyResponse {
    ClassifyResponse {
        document_id,
        results: ranking.scores.into_iter().map(to_result).collect(),
        model_version: ranking.model_version,
        processing_time_ms: arrived.elapsed().as_millis() as i64,
    }
}

/// The host's score for a label, as the edge's result for a document type.
pub fn to_result(score: Score) -> ClassificationResult {
    let name = format!("DOCUMENT_TYPE_{}", score.label.to_uppercase());
    ClassificationResult {
        document_type: DocumentType::from_str_name(&name)
            .unwrap_or_default()
            .into(),
        confidence: score.probability,
        keywords: score.keywords,
    }
}

/// The edge's status where the host fails. Codes that mean the same to the caller are
/// kept. Any other is about a call that the caller has not made: for the caller, it is a
/// fault in here.
pub fn from_host(status: Status) -> Status {
    use Code::{DeadlineExceeded, Internal, ResourceExhausted, Unavailable};

    match status.code() {
        Unavailable | ResourceExhausted | DeadlineExceeded | Internal => status,
        code => Status::internal(format!("the host answered with {code:?}")),
    }
}
