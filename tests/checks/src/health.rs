//! Asking a server's health, as `grpc.health.v1` has it.
//!
//! Two messages are all that is needed of it. tonic-health has them too, and would be one more crate in everyone's
//! first build.

use anyhow::Result;
use tonic::Request;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

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

/// Asks, and waits for whatever answer comes. It is in the tap's record; here only whether it is SERVING is told.
///
/// # Errors
///
/// When the channel cannot be used at all.
pub(crate) async fn check(channel: Channel, service: &str) -> Result<bool> {
    let mut client = Grpc::new(channel);
    client.ready().await?;
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let codec = ProstCodec::<HealthCheckRequest, HealthCheckResponse>::default();
    let answer = client.unary(
        Request::new(request),
        PathAndQuery::from_static(CHECK),
        codec,
    );
    let answer = answer.await;
    Ok(answer.is_ok_and(|answer| answer.get_ref().status == SERVING))
}
