//! server-streaming.4: the caller leaves.
//!
//! A task that was spawned runs on when nobody waits for it any more. The caller leaves, tonic drops the stream, and the
//! receiver in it: what is left for the task to see is a channel that is closed.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.4`.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::Host;

// Your imports go here.

/// The service that clients call.
pub struct Edge {
    /// Calls the host. A clone is cheap and shares the connection.
    pub host: Host,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let requests = request.into_inner().requests;
        let (answers, receiver) = mpsc::channel(1);
        tokio::spawn(produce(self.host.clone(), requests, answers));
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

/// Asks the host about the batch, and sends the answers to the caller.
async fn produce(
    host: Host,
    requests: Vec<ClassifyRequest>,
    answers: mpsc::Sender<Result<ClassifyBatchResponse, Status>>,
) {
    kit::gap!(
        "Answer the batch as in server-streaming.1: ask the host about one document at a \
         time, in the batch's order, with `classify`, and send `to_item` of each result \
         as soon as you have it. If the host fails, send its status as it is and ask \
         about nothing more. When the caller leaves, stop at once: give up the call to \
         the host that is under way, and ask about nothing more. The batches of other \
         callers go on, and callers do not wait for each other.";
        host, requests, answers
    )
}
