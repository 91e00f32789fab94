//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::metadata::MetadataValue;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Status};

/// Runs the exercise.
pub async fn edge<S: DocumentClassifier>(
    session: Session,
    exercise: impl Fn(ModelHostClient<Channel>, String) -> S,
) -> Result<(), Error> {
    let model_version = session.setting("model_version")?.to_owned();
    // ANCHOR: serve
    let host = ModelHostClient::connect(session.peer_address()).await?;
    let edge = exercise(host, model_version.clone());
    let router = Server::builder().add_service(DocumentClassifierServer::new(edge));
    session.serve(router).await?;
    // ANCHOR_END: serve
    let nobody = Endpoint::from_static("unix:/nobody/listens/here").connect_lazy();
    let answer = too_late(exercise(ModelHostClient::new(nobody), model_version)).await;
    kit::report(format!("under a deadline that has passed: {answer}"));
    Ok(())
}

/// Calls the service under a deadline that has passed when the service looks at the clock, and says what comes of it.
/// It is called directly, since tonic's server would end such a call by itself, sooner or later.
async fn too_late(service: impl DocumentClassifier) -> &'static str {
    let mut request = Request::new(ClassifyRequest {
        text: "Too late.".to_owned(),
        ..Default::default()
    });
    let one_nanosecond = MetadataValue::from_static("1n");
    request
        .metadata_mut()
        .insert("grpc-timeout", one_nanosecond);
    // A panic ends the task and nothing else.
    match tokio::spawn(async move { service.classify(request).await }).await {
        Ok(Ok(_)) => "an answer",
        Ok(Err(_)) => "a status",
        Err(_) => "a panic",
    }
}

// ANCHOR: wait_for_turn
/// Waits until a call may go on. Stands for whatever a server does before it asks on: a queue, a cache, a look at who is
/// calling. It may take a while.
pub async fn wait_for_turn(document_id: &str) {
    let document_id = document_id.to_owned();
    // In a check, the course decides when a call may go on. An error would mean that the program ends.
    let _ = tokio::task::spawn_blocking(move || kit::blocking_job(&document_id)).await;
}
// ANCHOR_END: wait_for_turn
