//! A task that was spawned runs on when nobody waits for it any more. The caller leaves, tonic drops the stream, and the
//! receiver in it: what is left for the task to see is a channel that is closed.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::Host;

// imports
use crate::run::{classify, to_item};
// end of imports

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
    // gap
    // uses: ; host, requests, answers
    let count = requests.len();
    // hint: for (place, request) in ... {
    for (place, request) in requests.into_iter().enumerate() {
        let answer = tokio::select! {
            // hint: answer = classify(...) => answer,
            answer = classify(host.clone(), request) => answer,
            // hint: () = answers.closed() => ...,
            () = answers.closed() => return,
        };
        let failed = answer.is_err();
        // hint: let answer = answer.map(...); // to_item
        let answer = answer.map(|result| to_item(place, count, result));
        // hint, 3 lines: ... // send it; return where that fails or the host has failed
        if answers.send(answer).await.is_err() || failed {
            return;
        }
    }
    // end of gap
}
