//! Asking a server's health, as `grpc.health.v1` has it.
//!
//! Only two of its messages are needed. tonic-health has them too, and would be one more crate in everyone's first
//! build.

use prost::Message;
use stage::{CallOptions, Client};

/// The method.
pub(crate) const CHECK_METHOD: &str = "/grpc.health.v1.Health/Check";

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

/// Asks, and waits for the answer, whatever it is. The tap records it. Returns whether it is SERVING.
pub(crate) async fn check(client: &Client, service: &str) -> bool {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let response = client.unary(
        CHECK_METHOD,
        request.encode_to_vec(),
        CallOptions::default(),
    );
    let response = response.await.ok().map(HealthCheckResponse::decode);
    matches!(response, Some(Ok(response)) if response.status == SERVING)
}
