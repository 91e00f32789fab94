//! A caller who reads slowly slows down whoever sends: the windows of HTTP/2 fill, and tonic takes no more out of the
//! stream. A stream that works only when something is taken out of it does no work then that nobody waits for.

use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::run::Host;

// imports
use crate::run::{classify, to_item};
use futures_util::{StreamExt, stream};
// end of imports

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
        // gap
        // uses: ; self.at_once, requests, count, host
        let calls = requests
            .into_iter()
            .enumerate()
            .map(move |(place, request)| {
                // hint: let asked = classify(...);
                let asked = classify(host.clone(), request);
                // hint: async move { Ok(to_item(place, count, ...)) }
                async move { Ok(to_item(place, count, asked.await?)) }
            });
        // hint: let answers = stream::iter(calls)...; // so many at a time, in order
        let answers = stream::iter(calls).buffered(self.at_once);
        // hint: ...
        Ok(Response::new(Box::pin(answers)))
        // end of gap
    }
}
