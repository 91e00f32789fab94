//! server-streaming.5: a slow reader.
//!
//! A caller who reads slowly slows down whoever sends: the windows of HTTP/2 fill, and tonic takes no more out of the
//! stream. A stream that works only when something is taken out of it does no work then that nobody waits for.
//!
//! Write the imports, fill the gap, save, and run `cargo xtask check server-streaming.5`.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::Host;

// Your imports go here.

/// The service that clients call.
pub struct Edge {
    /// Calls the host. A clone is cheap and shares the connection.
    pub host: Host,
    /// How many documents of a batch the host is asked about at a time.
    pub at_once: usize,
}

#[tonic::async_trait]
impl DocumentClassifier for Edge {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let requests = request.into_inner().requests;
        let count = requests.len();
        let host = self.host.clone();
        kit::gap!(
            "Answer the batch with `to_item` of each result, in the batch's order. Ask \
             the host about the first `self.at_once` documents at the same time, with \
             `classify`, and about one more each time that an answer has gone into the \
             stream: not before, whatever else the host has answered. Send each answer as \
             soon as it is there and those before it have been sent. A caller who reads \
             nothing stops the edge. If answers wait in a channel, it holds no more than \
             `self.at_once` of them. If the host fails, send its status as it is, in its \
             place: behind the answers about the documents before it, also when the host \
             answers about those later. When that status has been sent or the caller has \
             left, give up the calls that are under way, and ask about nothing more.";
            self.at_once, requests, count, host
        )
    }
}
