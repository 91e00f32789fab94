//! A load balancer asks each server whether it takes calls. The protocol is one more gRPC service,
//! `grpc.health.v1.Health`, and it is asked about one service at a time, by its full name.

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
    // gap
    // uses: DocumentClassifierServer, Edge, HealthCheckRequest, HealthClient, ServingStatus, model_host_server; host, reporter
    let request = HealthCheckRequest {
        service: model_host_server::SERVICE_NAME.to_owned(),
    };
    let answer = HealthClient::new(host).check(request).await?.into_inner();
    // hint: if answer.status() == ... {
    if answer.status() == ServingStatus::Serving {
        reporter
            .set_serving::<DocumentClassifierServer<Edge>>()
            .await;
    }
    Ok(())
    // end of gap
}
