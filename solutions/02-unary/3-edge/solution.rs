//! Clients call the edge, and the edge calls the host that runs the model. The two contracts differ, so the edge
//! translates: see `proto/classification/v1` and `proto/model/v1`.

use std::time::Instant;

use kit::grpc_timeout;
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
use proto::model::v1::RankRequest;
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use crate::run::{from_host, to_response, wait_for_turn};

/// The longest text that the contract allows, in characters.
const MAX_CHARACTERS: usize = 100_000;

// ANCHOR: service
/// The service that clients call.
pub struct Edge {
    /// Calls the host. A clone is cheap and shares the connection.
    pub host: ModelHostClient<Channel>,
    /// The one model version that the host serves.
    pub model_version: String,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify(
        &self,
        request: Request<ClassifyRequest>,
    ) -> Result<Response<ClassifyResponse>, Status> {
        let arrived = Instant::now();
        let deadline = grpc_timeout(request.metadata());
        let correlation_id = request.metadata().get("x-correlation-id").cloned();
        let request = request.into_inner();
        wait_for_turn(&request.document_id).await;
        // ANCHOR_END: service
        // gap
        // uses: RankRequest, from_host, to_response; MAX_CHARACTERS, self.host, self.model_version, arrived, deadline, correlation_id, request
        // hint, 4 lines:
        if !(1..=MAX_CHARACTERS).contains(&request.text.chars().count()) {
            let limit = format!("text must have 1 to {MAX_CHARACTERS} characters");
            return Err(Status::invalid_argument(limit));
        }
        let count = request.max_results.unwrap_or(3);
        // hint, 7 lines: ... // return Err(Status::...) for what is refused
        if !(1..=5).contains(&count) {
            return Err(Status::invalid_argument("max_results must be 1 to 5"));
        }
        let version = request.model_version;
        if !version.is_empty() && version != self.model_version {
            return Err(Status::not_found(format!("no model version {version:?}")));
        }
        let mut rank = Request::new(RankRequest { text: request.text });
        if let Some(deadline) = deadline {
            // hint: rank.set_timeout(deadline.saturating_sub(...));
            rank.set_timeout(deadline.saturating_sub(arrived.elapsed()));
        }
        let asked = self.host.clone().rank(rank).await;
        // hint: let ranking = asked.map_err(...)?.into_inner();
        let ranking = asked.map_err(from_host)?.into_inner();
        let mut answer = to_response(request.document_id, ranking, arrived);
        answer.results.truncate(count as usize);
        let mut response = Response::new(answer);
        if let Some(id) = correlation_id {
            // hint: ... // into response.metadata_mut()
            response.metadata_mut().insert("x-correlation-id", id);
        }
        Ok(response)
        // end of gap
    }
}
