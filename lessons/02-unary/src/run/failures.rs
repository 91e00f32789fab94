//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::answers::{request_for, status_line};

/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    /// What the caller can do about it.
    pub reason: Reason,
    /// What the server said, as it came.
    pub status: Status,
}

/// What a caller can do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Change the request.
    Rejected,
    /// Sign in, or ask for the right.
    NotAllowed,
    /// Ask again in a moment.
    TryAgain,
    /// Find out whether it was done.
    OutOfTime,
    /// Tell those who run the server.
    Broken,
}

/// Runs the exercise.
pub async fn failures<F>(
    session: Session,
    exercise: impl Fn(DocumentClassifierClient<Channel>, Request<ClassifyRequest>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<DocumentType, Failure>>,
{
    let client = DocumentClassifierClient::connect(session.peer_address()).await?;
    for document in session.documents() {
        // Twice at most, and the second time only if the first says so.
        for attempt in 1..=2 {
            let name = format!("{}/{attempt}", document.id);
            let mut request = request_for(&document);
            request
                .metadata_mut()
                .insert("x-correlation-id", name.parse()?);
            match exercise(client.clone(), request).await {
                Ok(document_type) => {
                    kit::report(format!("{name}: {}", document_type.as_str_name()))
                }
                Err(Failure { reason, status }) => {
                    kit::report(format!("{name}: {reason:?}, {}", status_line(&status)));
                    if reason == Reason::TryAgain {
                        continue;
                    }
                }
            }
            break;
        }
    }
    Ok(())
}
