//! server-streaming.6: a deadline over the whole stream.
//!
//! tonic watches a call's deadline only up to the headers of the answer. A stream goes on behind them, for as long as the
//! server likes.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.6`.

use std::time::Duration;

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::transport::Channel;

// Your imports go here.

use crate::run::{Stopped, Why};

/// Has a batch classified, in no more time than `limit`.
pub async fn read_within(
    mut client: DocumentClassifierClient<Channel>,
    batch: ClassifyBatchRequest,
    limit: Duration,
) -> Result<Vec<ClassifyBatchResponse>, Stopped> {
    kit::gap!(
        "Call `classify_batch` once with the batch as it is, and send `limit` as the \
         call's deadline. Return all answers if the call ends with OK, whether or not one \
         has `is_last`. When `limit` has passed since you made the call, and not before, \
         give the call up at once, however far it is: no headers, or headers and no \
         answer, or some answers. Return `Stopped` with the answers that came before, and \
         `Why::Deadline`. Do the same if the server says DEADLINE_EXCEEDED. If the call \
         fails for another reason within the limit, return `Stopped` with the answers \
         that came before, and `Why::Failed` with the status as it came, also where its \
         code is CANCELLED, and whatever its message says.";
        use Stopped, Why;
        batch, &mut client, limit
    )
}
