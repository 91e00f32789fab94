//! The edge whose uploads an exercise receives.

use kit::{Error, Session, Store};
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{DocumentChunk, UploadResponse};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};

// ANCHOR: edge
/// A service that has a store, and a function that receives one upload into it.
struct Edge<F> {
    store: Store,
    receive: F,
}

#[tonic::async_trait]
impl<F, R> DocumentClassifier for Edge<F>
where
    F: Fn(Streaming<DocumentChunk>, Store) -> R + Send + Sync + 'static,
    R: Future<Output = Result<UploadResponse, Status>> + Send + 'static,
{
    async fn upload_document(
        &self,
        request: Request<Streaming<DocumentChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let receipt = (self.receive)(request.into_inner(), self.store.clone()).await?;
        Ok(Response::new(receipt))
    }
}
// ANCHOR_END: edge

/// Serves an edge that receives uploads with this function.
pub async fn serve<F, R>(session: Session, receive: F) -> Result<(), Error>
where
    F: Fn(Streaming<DocumentChunk>, Store) -> R + Send + Sync + 'static,
    R: Future<Output = Result<UploadResponse, Status>> + Send + 'static,
{
    let edge = Edge {
        store: Store::default(),
        receive,
    };
    let router = Server::builder().add_service(DocumentClassifierServer::new(edge));
    session.serve(router).await
}
