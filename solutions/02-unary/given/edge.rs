//! An edge whose service is given: it has each text prepared, asks the host about it, and answers with the best
//! results.
//!
//! Provided by the course: do not edit.

use std::pin::Pin;
use std::time::Instant;

use kit::Document;
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use proto::model::v1::RankRequest;
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use crate::answers::{from_host, to_response};

/// A text while it is prepared.
pub type Preparing = Pin<Box<dyn Future<Output = Result<String, Status>> + Send>>;

/// The service.
pub struct Edge {
    /// Calls the host.
    pub host: ModelHostClient<Channel>,
    /// Makes of a document the text that the host is asked about.
    pub prepare: Box<dyn Fn(Document) -> Preparing + Send + Sync>,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let arrived = Instant::now();
        let request = request.into_inner();
        let document = Document {
            id: request.document_id.clone(),
            text: request.text,
        };
        // ANCHOR: prepare
        let text = (self.prepare)(document).await?;
        let asked = self.host.clone().rank(RankRequest { text }).await;
        let ranking = asked.map_err(from_host)?.into_inner();
        // ANCHOR_END: prepare
        let mut answer = to_response(request.document_id, ranking, arrived);
        let count = request.max_results.unwrap_or(3).max(0) as usize;
        answer.results.truncate(count);
        Ok(Response::new(answer))
    }
}
