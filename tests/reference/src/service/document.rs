//! Classifies one document: what Classify, ClassifyBatch and ClassifyStream have in common.
//!
//! They differ in one thing, what happens when the server has taken on as many texts as it may. A Classify call is
//! refused at once. A document of a stream waits: the stream has only a few documents under way, and its client is held
//! back by flow control meanwhile, so what waits is bounded without a refusal.

use std::mem;

use classifier::{Kind, Score};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use tokio_util::task::AbortOnDropHandle;
use tonic::Code;
use tracing::Instrument;

use super::validate::{self, ValidClassify};
use crate::errors::{Failure, Reason};
use crate::inference::{Inference, Ranking};

/// Classifies a document now, or says that the server is busy.
pub(crate) async fn classify(
    inference: &Inference,
    request: ClassifyRequest,
) -> Result<ClassifyResponse, Failure> {
    let mut valid = validate::classify(request, inference.model_version())?;
    let ranking = inference.rank(mem::take(&mut valid.text)).await?;
    Ok(response(valid, ranking, inference.model_version()))
}

/// Starts to classify a document of a stream, in a task. Dropping what this returns stops the work.
///
/// The task is not for speed. A stream of answers is polled only while its client has room for one, and a future that
/// nobody polls still holds its place in the line for the model. When its turn comes it does not begin, and nobody
/// behind it does: one client that stops reading would stop the server for all. A task runs on by itself.
pub(crate) fn start(
    inference: &Inference,
    request: ClassifyRequest,
) -> impl Future<Output = Result<ClassifyResponse, Failure>> + Send + use<> {
    let inference = inference.clone();
    let work = async move {
        let mut valid = validate::classify(request, inference.model_version())?;
        let text = mem::take(&mut valid.text);
        let ranking = inference.rank_in_turn(text).await?;
        Ok(response(valid, ranking, inference.model_version()))
    };
    // What is logged in the task belongs to the call all the same.
    let task = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
    async move {
        task.await.unwrap_or_else(|failed| {
            // A task is not cancelled while its handle lives, so it panicked. The layer that catches panics cannot reach
            // a task.
            tracing::error!(%failed, "a document's task failed");
            Err(Failure::new(
                Code::Internal,
                Reason::HandlerPanicked,
                "the document could not be classified",
            ))
        })
    }
}

fn response(valid: ValidClassify, ranking: Ranking, model_version: &str) -> ClassifyResponse {
    ClassifyResponse {
        document_id: valid.document_id,
        results: ranking
            .scores
            .into_iter()
            .take(valid.max_results)
            .map(|score| result(score, valid.include_keywords))
            .collect(),
        model_version: model_version.to_owned(),
        // A time that does not fit 63 bits of milliseconds has other problems.
        processing_time_ms: i64::try_from(ranking.took.as_millis()).unwrap_or(i64::MAX),
    }
}

fn result(score: Score, include_keywords: bool) -> ClassificationResult {
    ClassificationResult {
        document_type: document_type(score.label).into(),
        confidence: score.probability,
        keywords: if include_keywords {
            score.keywords
        } else {
            Vec::new()
        },
    }
}

fn document_type(kind: Kind) -> DocumentType {
    match kind {
        Kind::Invoice => DocumentType::Invoice,
        Kind::Contract => DocumentType::Contract,
        Kind::Report => DocumentType::Report,
        Kind::Receipt => DocumentType::Receipt,
        Kind::Letter => DocumentType::Letter,
    }
}
