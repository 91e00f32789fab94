//! unary.6: one channel, many calls.
//!
//! HTTP/2 carries many calls at a time over one connection. A generated client makes one after the other, since a call
//! borrows it mutably; a clone of it costs next to nothing and shares the connection.
//!
//! Fill the gap, save, and run `cargo xtask check unary.6`.

use kit::{Document, Error};
use proto::classification::v1::ClassifyResponse;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use tokio::task::JoinSet;

use crate::run::request_for;

/// Asks about all documents at once. The first answer is for the first document, whichever came first.
pub async fn classify_all(
    address: String,
    documents: Vec<Document>,
) -> Result<Vec<ClassifyResponse>, Error> {
    kit::gap!(
        "Connect once. Have a `classify` call for every document under way at the same \
         time, each with `request_for(&document)`. Return the answers in the order of the \
         documents, each as it came: an answer belongs to the document that was asked \
         about in its call, even if it names another one. If a call fails, return its \
         status as the error. If nobody listens at the address, return an error too.";
        use DocumentClassifierClient, JoinSet, request_for;
        address, documents
    )
}
