//! HTTP/2 carries many calls at a time over one connection. A generated client makes one after the other, since a call
//! borrows it mutably; a clone of it costs next to nothing and shares the connection.

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
    // gap
    // uses: DocumentClassifierClient, JoinSet, request_for; address, documents
    let client = DocumentClassifierClient::connect(address).await?;
    // An early return drops the set. That ends its tasks and their calls.
    let mut calls = JoinSet::new();
    for (index, document) in documents.into_iter().enumerate() {
        let mut client = client.clone();
        // hint: calls.spawn(async move { (index, client.classify(...).await) });
        calls.spawn(async move { (index, client.classify(request_for(&document)).await) });
    }
    let mut answers = Vec::new();
    while let Some(call) = calls.join_next().await {
        let (index, answer) = call?;
        // hint: answers.push((index, ...)); // the status is an error of its own
        answers.push((index, answer?.into_inner()));
    }
    // hint: ... // the order of the documents
    answers.sort_by_key(|(index, _)| *index);
    // hint: Ok(...)
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    // end of gap
}
