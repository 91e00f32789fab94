//! `classification.v1.DocumentClassifier`: what clients ask of the server. Each kind of call is answered in another
//! module; this one only hands over the requests.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{
    ClassificationEvent, ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest,
    ClassifyResponse, DocumentChunk, UploadResponse,
};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::{batch, document, stream, upload};
use crate::inference::Inference;
use crate::store::Store;

/// Answers the calls of a [`DocumentClassifier`] client.
#[derive(Debug)]
pub struct ClassifyService {
    inference: Inference,
    store: Store,
}

impl ClassifyService {
    /// A service that ranks its texts with `inference` and keeps uploads in `store`.
    pub fn new(inference: Inference, store: Store) -> Self {
        Self { inference, store }
    }
}

#[tonic::async_trait]
impl DocumentClassifier for ClassifyService {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let response = document::classify(&self.inference, request.into_inner()).await?;
        Ok(Response::new(response))
    }

    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let answers = batch::answers(&self.inference, request.into_inner())?;
        Ok(Response::new(answers))
    }

    async fn upload_document(
        &self,
        request: Request<Streaming<DocumentChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let receipt = upload::receive(&self.store, request.into_inner()).await?;
        Ok(Response::new(receipt))
    }

    async fn classify_stream(
        &self,
        request: Request<Streaming<ClassificationEvent>>,
    ) -> Result<Response<BoxStream<ClassificationEvent>>, Status> {
        // Answered before anything is read: a client may wait for the response's headers before its first event.
        let answers = stream::answers(&self.inference, request.into_inner());
        Ok(Response::new(answers))
    }
}
