//! `classification.v1.DocumentClassifier`: what clients ask of the server.

use classifier::{Kind, Score};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{
    ClassificationEvent, ClassificationResult, ClassifyBatchRequest, ClassifyBatchResponse,
    ClassifyRequest, ClassifyResponse, DocumentChunk, DocumentType, UploadResponse,
};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use crate::failure::Failure;
use crate::inference::Inference;
use crate::validate;

/// Answers the calls of a [`DocumentClassifier`] client.
#[derive(Debug)]
pub struct ClassifyService {
    inference: Inference,
}

impl ClassifyService {
    /// A service that ranks its texts with `inference`.
    pub fn new(inference: Inference) -> Self {
        Self { inference }
    }

    async fn answer(&self, request: ClassifyRequest) -> Result<ClassifyResponse, Failure> {
        let model_version = self.inference.model_version();
        let valid = validate::classify(request, model_version)?;
        let ranking = self.inference.rank(valid.text).await?;
        Ok(ClassifyResponse {
            document_id: valid.document_id,
            results: ranking
                .scores
                .into_iter()
                .take(valid.max_results)
                .map(result)
                .collect(),
            model_version: model_version.to_owned(),
            // A time that does not fit 63 bits of milliseconds has other problems.
            processing_time_ms: i64::try_from(ranking.took.as_millis()).unwrap_or(i64::MAX),
        })
    }
}

#[tonic::async_trait]
impl DocumentClassifier for ClassifyService {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        Ok(Response::new(self.answer(request.into_inner()).await?))
    }

    type ClassifyBatchStream = BoxStream<ClassifyBatchResponse>;

    async fn classify_batch(
        &self,
        _request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<Self::ClassifyBatchStream>, Status> {
        Err(not_served_yet("ClassifyBatch"))
    }

    async fn upload_document(
        &self,
        _request: Request<Streaming<DocumentChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(not_served_yet("UploadDocument"))
    }

    type ClassifyStreamStream = BoxStream<ClassificationEvent>;

    async fn classify_stream(
        &self,
        _request: Request<Streaming<ClassificationEvent>>,
    ) -> Result<Response<Self::ClassifyStreamStream>, Status> {
        Err(not_served_yet("ClassifyStream"))
    }
}

fn result(score: Score) -> ClassificationResult {
    ClassificationResult {
        document_type: document_type(score.label).into(),
        confidence: score.probability,
        keywords: score.keywords,
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

fn not_served_yet(method: &str) -> Status {
    Status::unimplemented(format!(
        "{method} is in the contract, but this server does not serve it yet: call Classify, one document at a time"
    ))
}
