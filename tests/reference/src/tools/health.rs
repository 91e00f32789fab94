//! `grpc.health.v1`: whether the server is ready for calls, for load balancers and for tools.
//!
//! A service is asked for by its full name, package included. The short name is another name, and NOT_FOUND.

use proto::classification::v1::document_classifier_server;
use proto::model::v1::model_host_server;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The services whose health is reported. The empty name stands for the server as a whole.
const SERVICES: [&str; 3] = [
    "",
    document_classifier_server::SERVICE_NAME,
    model_host_server::SERVICE_NAME,
];

/// Says that every service takes calls.
pub(crate) async fn set_serving(reporter: &HealthReporter) {
    for name in SERVICES {
        reporter
            .set_service_status(name, ServingStatus::Serving)
            .await;
    }
}

/// Says that no service takes calls any more.
pub(crate) async fn set_not_serving(reporter: &HealthReporter) {
    for name in SERVICES {
        reporter
            .set_service_status(name, ServingStatus::NotServing)
            .await;
    }
}

/// Ends the streams of all Watch calls, each after its last status. They would never end by themselves, and so hold
/// up a graceful stop until its limit.
pub(crate) async fn end_watches(reporter: &mut HealthReporter) {
    for name in SERVICES {
        reporter.clear_service_status(name).await;
    }
}
