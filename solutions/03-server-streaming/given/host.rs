//! The host that runs the model, and its answers in the words of the edge's contract.

use std::time::Instant;

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::{RankRequest, Score};
use tonic::Status;
use tonic::transport::{Channel, Server};

/// Calls the host. A clone is cheap and shares the connection.
pub type Host = ModelHostClient<Channel>;

// ANCHOR: classify
/// Asks the host about one document. What is returned in `Ok` has the request's `document_id`, and at most
/// `max_results` results.
#[allow(dead_code, reason = "a starter uses it only once its gap is filled")]
pub async fn classify(
    mut host: Host,
    request: ClassifyRequest,
) -> Result<ClassifyResponse, Status> {
    let asked = Instant::now();
    let text = request.text;
    let ranking = host.rank(RankRequest { text }).await?.into_inner();
    let count = request.max_results.unwrap_or(3).clamp(1, 5);
    Ok(ClassifyResponse {
        document_id: request.document_id,
        results: ranking
            .scores
            .into_iter()
            .take(count as usize)
            .map(to_result)
            .collect(),
        model_version: ranking.model_version,
        processing_time_ms: asked.elapsed().as_millis() as i64,
    })
}
// ANCHOR_END: classify

/// The host's score for a label, as a result for a document type.
fn to_result(score: Score) -> ClassificationResult {
    let name = format!("DOCUMENT_TYPE_{}", score.label.to_uppercase());
    ClassificationResult {
        document_type: DocumentType::from_str_name(&name)
            .unwrap_or_default()
            .into(),
        confidence: score.probability,
        keywords: score.keywords,
    }
}

// ANCHOR: serve
/// Serves an edge that is made with a client of the host.
pub async fn serve<S: DocumentClassifier>(
    session: Session,
    edge: impl FnOnce(Host) -> S,
) -> Result<(), Error> {
    let host = Host::connect(session.peer_address()).await?;
    let router = Server::builder().add_service(DocumentClassifierServer::new(edge(host)));
    session.serve(router).await
}
// ANCHOR_END: serve
