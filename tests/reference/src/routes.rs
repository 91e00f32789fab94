//! The services on one port, inside the layers that every call passes through.

use axum::Router;
use axum::middleware::from_fn;
use proto::classification::v1::document_classifier_server::DocumentClassifierServer;
use proto::model::v1::model_host_server::ModelHostServer;
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tonic_reflection::server::Error;

use crate::config::Config;
use crate::layers::{self, web};
use crate::service::{ClassifyService, HostService};
use crate::tools::reflection;

/// Everything that the server answers. Fails only if the contracts that it describes cannot be read.
pub(crate) fn routes(config: &Config, reporter: &HealthReporter) -> Result<Routes, Error> {
    let Config {
        inference,
        store,
        limits,
        ..
    } = config;
    let service = ClassifyService::new(inference.clone(), store.clone());
    let classifier = DocumentClassifierServer::new(service)
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.response_bytes);
    let host = ModelHostServer::new(HostService::new(inference.clone()))
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.response_bytes);
    // Health and reflection send and receive little, and keep tonic's default limit of 4 MiB on what they receive.
    let health = HealthServer::new(HealthService::from_health_reporter(reporter.clone()));
    let grpc: Router = Routes::new(classifier)
        .add_service(host)
        .add_service(health)
        .add_service(reflection::v1()?)
        .add_service(reflection::v1alpha()?)
        .into_axum_router()
        .layer(from_fn(web::only_grpc));
    Ok(layers::around(grpc, config.auth.clone()).into())
}
