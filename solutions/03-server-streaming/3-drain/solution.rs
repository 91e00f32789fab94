//! The answers are not the end of the call: behind them comes its status. It may say that the answers are not all.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::transport::Channel;

// imports
use tonic::Status;
// end of imports

use crate::run::Interrupted;

/// Has a batch classified. Returns all answers, or those that came before the call failed.
pub async fn read_batch(
    mut client: DocumentClassifierClient<Channel>,
    batch: ClassifyBatchRequest,
) -> Result<Vec<ClassifyBatchResponse>, Interrupted> {
    // gap
    // uses: Interrupted; batch, &mut client
    let mut answers = Vec::new();
    let mut stream = match client.classify_batch(batch).await {
        Ok(response) => response.into_inner(),
        // hint: Err(status) => return ...,
        Err(status) => return Err(Interrupted { answers, status }),
    };
    let status = loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            // hint: Ok(None) if ... => return Ok(answers),
            Ok(None) if answers.iter().any(|it| it.is_last) => return Ok(answers),
            // hint: Ok(None) => break ...,
            Ok(None) => break Status::data_loss("the stream ended before the last answer"),
            // hint: Err(status) => ...,
            Err(status) => break status,
        }
    };
    Err(Interrupted { answers, status })
    // end of gap
}
