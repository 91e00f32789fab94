//! server-streaming.3: read to the status.
//!
//! The answers are not the end of the call: behind them comes its status. It may say that the answers are not all.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.3`.

use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::transport::Channel;

// Your imports go here.

use crate::run::Interrupted;

/// Has a batch classified. Returns all answers, or those that came before the call failed.
pub async fn read_batch(
    mut client: DocumentClassifierClient<Channel>,
    batch: ClassifyBatchRequest,
) -> Result<Vec<ClassifyBatchResponse>, Interrupted> {
    kit::gap!(
        "Call `classify_batch` once with the batch as it is, and read its stream to the \
         end. Return all answers, in the order in which they come and as they are, if the \
         call ends with OK and one of its answers has `is_last`, also where others came \
         after that one. Otherwise return `Interrupted`, with the answers that came \
         before and the status that the call failed with: all of it, as it came. A call \
         may also end with OK and without an answer with `is_last`. Then the status is \
         one of your own, with the code DATA_LOSS. Make the call also for a batch without \
         documents, and return what it comes to.";
        use Interrupted;
        batch, &mut client
    )
}
