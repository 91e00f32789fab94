//! How the course calls the exercise, and what it gives it.

use std::collections::BTreeMap;

use kit::{Error, Session};
use proto::classification::v1::document_classifier_server::DocumentClassifier;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::host::{Host, serve};

/// Serves two edges. Each is made with a client of the host, and with how many documents of a batch it may ask about at a
/// time: one, and several.
pub async fn slow_reader<S: DocumentClassifier>(
    session: Session,
    edge: impl Fn(Host, usize) -> S,
) -> Result<(), Error> {
    let mut numbers = Vec::new();
    for number in session.setting("at_once")?.split(' ') {
        numbers.push(number.parse()?);
    }
    let edges = |host: Host| {
        let edges = numbers.into_iter();
        Edges(
            edges
                .map(|number: usize| (number.to_string(), edge(host.clone(), number)))
                .collect(),
        )
    };
    serve(session, edges).await
}

/// Edges, by what the metadata `at-once` of a call for them is.
struct Edges<S>(BTreeMap<String, S>);

#[tonic::async_trait]
impl<S: DocumentClassifier> DocumentClassifier for Edges<S> {
    async fn classify_batch(
        &self,
        request: Request<ClassifyBatchRequest>,
    ) -> Result<Response<BoxStream<ClassifyBatchResponse>>, Status> {
        let number = request.metadata().get("at-once");
        let number = number.and_then(|number| number.to_str().ok());
        match number.and_then(|number| self.0.get(number)) {
            Some(edge) => edge.classify_batch(request).await,
            None => Err(Status::internal("the course has no such edge")),
        }
    }
}
