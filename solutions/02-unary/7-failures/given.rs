//! How the course calls the exercise, and what it gives it.

use std::time::Duration;

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::answers::request_for;

// ANCHOR: failure
/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    /// What the caller can do about it.
    pub reason: Reason,
    /// The status, as it came.
    pub status: Status,
}
// ANCHOR_END: failure

// ANCHOR: reason
/// What a caller can do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Change the request.
    Rejected,
    /// Sign in, or ask for the right.
    NotAllowed,
    /// Send it again after a pause, if it does no harm to do it twice.
    TryAgain,
    /// Find out whether it was done, before anything else.
    OutOfTime,
    /// Do not send it again. Somebody has to look into it.
    Broken,
}
// ANCHOR_END: reason

/// How long a server in trouble is left alone before the second attempt. With more attempts than two, a client doubles its
/// pause each time, and adds a random part, so that many clients do not come back at the same moment.
const PAUSE: Duration = Duration::from_millis(100);

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
        // ANCHOR: attempts
        // Two attempts at most. To classify a text changes nothing on the server,
        // so a second call does no harm.
        for attempt in 1..=2 {
            if attempt > 1 {
                tokio::time::sleep(PAUSE).await;
            }
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
                    kit::report(format!("{name}: {reason:?}, {}", kit::status_line(&status)));
                    if reason == Reason::TryAgain {
                        continue;
                    }
                }
            }
            break;
        }
        // ANCHOR_END: attempts
    }
    Ok(())
}
