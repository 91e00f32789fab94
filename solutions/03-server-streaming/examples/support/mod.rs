//! A server in the same program whose one method answers with the stream that an example gives it.

#![allow(dead_code, reason = "not every example needs all of it")]

use kit::Error;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::classification::v1::{
    ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest, ClassifyResponse,
};
use tokio::net::TcpListener;
use tonic::codegen::BoxStream;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};

/// What `classify_batch` returns.
pub type Answer = Result<Response<BoxStream<ClassifyBatchResponse>>, Status>;

pub type Client = DocumentClassifierClient<Channel>;

/// An answer that can be told from others.
pub fn answer(number: i32) -> ClassifyBatchResponse {
    ClassifyBatchResponse {
        sequence_number: number,
        ..Default::default()
    }
}

struct Batches<F>(F);

#[tonic::async_trait]
impl<F: Fn() -> Answer + Send + Sync + 'static> DocumentClassifier for Batches<F> {
    async fn classify_batch(&self, _: Request<ClassifyBatchRequest>) -> Answer {
        (self.0)()
    }

    async fn classify(
        &self,
        _: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        Ok(Response::new(ClassifyResponse::default()))
    }
}

/// Serves in a task of its own.
///
/// # Errors
///
/// No port is free.
pub async fn serve(
    handler: impl Fn() -> Answer + Send + Sync + 'static,
) -> Result<Endpoint, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = Server::builder().add_service(DocumentClassifierServer::new(Batches(handler)));
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    Ok(Endpoint::from_shared(address)?)
}

/// A client of a server that answers every batch by `handler`.
///
/// # Errors
///
/// No port is free, or nobody listens.
pub async fn client_of(
    handler: impl Fn() -> Answer + Send + Sync + 'static,
) -> Result<Client, Error> {
    let endpoint = serve(handler).await?;
    Ok(Client::new(endpoint.connect().await?))
}
