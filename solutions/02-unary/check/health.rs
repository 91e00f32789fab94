//! Asking a server's health, as `grpc.health.v1` has it.
//!
//! Two messages are all that is needed of it. tonic-health has them too, and would be one more crate in everyone's
//! first build.

use prost::Message;
use stage::{CallOptions, Client};

/// The method.
pub(crate) const CHECK: &str = "/grpc.health.v1.Health/Check";

/// `ServingStatus.SERVING`.
pub(crate) const SERVING: i32 = 1;

/// `ServingStatus.NOT_SERVING`.
pub(crate) const NOT_SERVING: i32 = 2;

/// Asks about one service.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct HealthCheckRequest {
    /// Its full name, or the empty one for the server as a whole.
    #[prost(string, tag = "1")]
    pub(crate) service: String,
}

/// The answer.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct HealthCheckResponse {
    /// The number of its `ServingStatus`.
    #[prost(int32, tag = "1")]
    pub(crate) status: i32,
}

/// Asks, and waits for whatever answer comes. The answer is in the tap's record; returned is only whether it is SERVING.
pub(crate) async fn check(client: &Client, service: &str) -> bool {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let response = client.unary(CHECK, request.encode_to_vec(), CallOptions::default());
    let response = response.await.ok().map(HealthCheckResponse::decode);
    matches!(response, Some(Ok(response)) if response.status == SERVING)
}
