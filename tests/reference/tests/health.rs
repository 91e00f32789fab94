//! Health is known under the full names.

use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::harness::{TestServer, quick_model, within};

pub fn of(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

#[tokio::test]
async fn server_and_both_services_are_serving() {
    let server = TestServer::start(quick_model()).await;
    let mut health = HealthClient::new(server.channel().await);
    for name in [
        "",
        "classification.v1.DocumentClassifier",
        "model.v1.ModelHost",
    ] {
        let answer = within(health.check(of(name))).await.expect("it is known");
        assert_eq!(answer.get_ref().status(), ServingStatus::Serving, "{name}");
    }
}

#[tokio::test]
async fn short_names_are_not_found() {
    let server = TestServer::start(quick_model()).await;
    let mut health = HealthClient::new(server.channel().await);
    for name in ["DocumentClassifier", "ModelHost"] {
        let status = within(health.check(of(name)))
            .await
            .expect_err("not a full name");
        assert_eq!(status.code(), Code::NotFound);
    }
}
