//! tonic watches a call's deadline only up to the headers of the answer. A stream goes on behind them, for as long as the
//! server likes.

use std::time::Duration;

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::transport::Channel;

// imports
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Request, Status};
// end of imports

use crate::run::{Stopped, Why};

/// Has a batch classified, in no more time than `limit`.
pub async fn read_within(
    mut client: DocumentClassifierClient<Channel>,
    batch: ClassifyBatchRequest,
    limit: Duration,
) -> Result<Vec<ClassifyBatchResponse>, Stopped> {
    // gap
    // uses: Stopped, Why; batch, &mut client, limit
    let deadline = Instant::now() + limit;
    let mut request = Request::new(batch);
    // hint: request.set_timeout(...);
    request.set_timeout(limit);
    let mut answers = Vec::new();
    let reading = async {
        let mut stream = client.classify_batch(request).await?.into_inner();
        // hint: while let Some(answer) = ... {
        while let Some(answer) = stream.message().await? {
            answers.push(answer);
        }
        Ok::<(), Status>(())
    };
    let why = match timeout_at(deadline, reading).await {
        Ok(Ok(())) => return Ok(answers),
        // hint: Ok(Err(status)) if status.code() == ... => Why::Deadline,
        Ok(Err(status)) if status.code() == Code::DeadlineExceeded => Why::Deadline,
        // hint, 2 lines: Ok(Err(_)) if ... => Why::Deadline, // tonic's own timer was first
        // Where tonic's own timer was first, the code is CANCELLED, which a server may say as well.
        Ok(Err(_)) if Instant::now() >= deadline => Why::Deadline,
        // hint: Ok(Err(status)) => ...,
        Ok(Err(status)) => Why::Failed(status),
        Err(_elapsed) => Why::Deadline,
    };
    Err(Stopped { answers, why })
    // end of gap
}
