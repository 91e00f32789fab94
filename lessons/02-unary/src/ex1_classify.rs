//! unary.1: your first call.
//!
//! The generated client connects once and may then make any number of calls over that one connection.
//!
//! Fill the gap, save, and run `cargo xtask check unary.1`.

use kit::{Document, Error};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};

/// Asks the classifier at `address` what each document is, and returns the best guess for each, in the same order.
pub async fn classify(
    address: String,
    documents: Vec<Document>,
) -> Result<Vec<DocumentType>, Error> {
    kit::gap!(
        "Connect to the address once. Call `classify` for each document with its text as \
         it is, its id and `max_results` 1, and return the types in the order of the \
         documents. If nobody listens at the address, if a call fails, or if its answer \
         has no result, or a type that `DocumentType` does not have, return an error.";
        use ClassifyRequest, DocumentClassifierClient;
        address, documents
    )
}
