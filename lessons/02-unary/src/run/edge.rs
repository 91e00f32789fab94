//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::{
    DocumentClassifier, DocumentClassifierServer,
};
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::transport::{Channel, Server};

/// Runs the exercise.
pub async fn edge<S: DocumentClassifier>(
    session: Session,
    exercise: impl FnOnce(ModelHostClient<Channel>, String) -> S,
) -> Result<(), Error> {
    let host = ModelHostClient::connect(session.peer_address()).await?;
    let edge = exercise(host, session.setting("model_version").to_owned());
    let router = Server::builder().add_service(DocumentClassifierServer::new(edge));
    session.serve(router).await
}
