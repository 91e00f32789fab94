//! HTTP/2 carries many calls at a time over one connection. A generated client makes one after the other, since a call
//! borrows it mutably; a clone of it costs next to nothing and shares the connection.

use kit::{Document, Error};
use proto::classification::v1::ClassifyResponse;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;

use crate::run::request_for;

/// Asks about all documents at once. The first answer is for the first document, whichever came first.
pub async fn classify_all(
    address: String,
    documents: Vec<Document>,
) -> Result<Vec<ClassifyResponse>, Error> {
    // gap
    // uses: DocumentClassifierClient, request_for; address, documents
    let client = DocumentClassifierClient::connect(address).await?;
    let mut calls = Vec::new();
    for document in documents {
        let mut client = client.clone();
        calls.push(tokio::spawn(async move {
            client.classify(request_for(&document)).await
        }));
    }
    let mut answers = Vec::new();
    for call in calls {
        // hint: answers.push(...); // a Result in a Result
        answers.push(call.await??.into_inner());
    }
    Ok(answers)
    // end of gap
}
