//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifierServer;
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::Status;
use tonic::transport::{Channel, Endpoint, Server};
use tonic_health::server::{HealthReporter, health_reporter};

use crate::edge::Edge;

/// Runs the exercise.
pub async fn health<F>(
    session: Session,
    exercise: impl Fn(Channel, HealthReporter) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<(), Status>>,
{
    let host = Endpoint::from_shared(session.peer_address())?
        .connect()
        .await?;
    let edge = Edge {
        host: ModelHostClient::new(host.clone()),
        prepare: Box::new(|document| Box::pin(async { Ok(document.text) })),
    };
    let (reporter, health) = health_reporter();
    reporter
        .set_not_serving::<DocumentClassifierServer<Edge>>()
        .await;
    let router = Server::builder()
        .add_service(health)
        .add_service(DocumentClassifierServer::new(edge));
    // The edge takes calls, health checks among them, while it finds out about its host.
    // It does so nine times.
    let finding_out = async {
        for time in 1..=9 {
            kit::report(match exercise(host.clone(), reporter.clone()).await {
                Ok(()) => format!("time {time}: done"),
                Err(status) => format!("time {time}: {}", kit::status_line(&status)),
            });
        }
    };
    tokio::join!(session.serve(router), finding_out).0
}
