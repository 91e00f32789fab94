//! unary.3: your first server, the edge.
//!
//! Clients call the edge, and the edge calls the host that runs the model. The two contracts differ, so the edge
//! translates: see `proto/classification/v1` and `proto/model/v1`.
//!
//! Fill the gap, save, and run `cargo xtask check unary.3`.

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
        kit::gap!(
            "Refuse a text that is empty or has more than `MAX_CHARACTERS` characters, \
             and a `max_results` outside 1 to 5, with `INVALID_ARGUMENT`; the limits \
             themselves are allowed. Accept a `model_version` that is empty or equal to \
             `self.model_version`, and refuse any other with `NOT_FOUND`. The host is not \
             asked about a request that you refuse. Otherwise ask the host about the text \
             as it is, under what is left of the deadline, if there is one. If the host \
             fails, `from_host` makes your status of the host's: `UNAVAILABLE`, \
             `RESOURCE_EXHAUSTED` and `DEADLINE_EXCEEDED` stay, any other code becomes \
             `INTERNAL`. Answer with the request's `document_id`, the best `max_results` \
             results (3 if it is not set; fewer if the host names fewer) and the \
             `model_version` that the host names, and with the correlation id, if there \
             is one, in the metadata under `x-correlation-id`. Pass no other metadata of \
             the caller on or back.";
            use RankRequest, from_host, to_response;
            MAX_CHARACTERS, self.host, self.model_version, arrived, deadline, correlation_id, request
        )
    }
}
