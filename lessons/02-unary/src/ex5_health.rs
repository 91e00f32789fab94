//! unary.5: health, under the full name.
//!
//! A load balancer asks each server whether it takes calls. The protocol is one more gRPC service,
//! `grpc.health.v1.Health`, and it is asked about one service at a time, by its full name.
//!
//! Fill the gap, save, and run `cargo xtask check unary.5`.

use proto::classification::v1::document_classifier_server::DocumentClassifierServer;
use proto::model::v1::model_host_server;
use tonic::Status;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::HealthReporter;

use crate::edge::Edge;

/// Finds out whether the edge can serve, and reports it. It is not serving before this is called.
pub async fn report_health(host: Channel, reporter: HealthReporter) -> Result<(), Status> {
    kit::gap!(
        "Check the health of the host's service once, under its full name. If the check \
         fails, return the error as it came. Only if the host is `Serving`, set the \
         health of `DocumentClassifierServer<Edge>` to serving. Any other state is not an \
         error.";
        use DocumentClassifierServer, Edge, HealthCheckRequest, HealthClient, ServingStatus, model_host_server;
        host, reporter
    )
}
