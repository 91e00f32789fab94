//! How the course calls the exercise, and what it gives it.

use kit::{Error, Session};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::Status;
use tonic::transport::Channel;

use crate::batch::{batches, report_batch, status_line};

// ANCHOR: interrupted
/// A batch that was not answered as a whole.
#[derive(Debug)]
pub struct Interrupted {
    /// The answers that came before it failed.
    pub answers: Vec<ClassifyBatchResponse>,
    /// What it failed with.
    pub status: Status,
}
// ANCHOR_END: interrupted

/// Runs the exercise, once for each batch.
pub async fn drain<F>(
    session: Session,
    exercise: impl Fn(DocumentClassifierClient<Channel>, ClassifyBatchRequest) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<ClassifyBatchResponse>, Interrupted>>,
{
    // The numbers of the batches whose calls end with OK, and without a last answer.
    let ends_early: Vec<_> = session.setting("ends_early")?.split(' ').collect();
    let client = DocumentClassifierClient::connect(session.peer_address()).await?;
    for (number, batch) in (1..).zip(batches(&session)?) {
        match exercise(client.clone(), batch).await {
            Ok(answers) => report_batch(number, &answers, "whole"),
            Err(Interrupted { answers, status }) => {
                let status = match ends_early.contains(&number.to_string().as_str()) {
                    // It is the function's own. What it says besides the code is up to the function.
                    true => format!("{:?}", status.code()),
                    false => status_line(&status),
                };
                report_batch(number, &answers, &format!("interrupted by {status}"));
            }
        }
    }
    Ok(())
}
