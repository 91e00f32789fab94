//! The generated client connects once and may then make any number of calls over that one connection.

use kit::{Document, Error};
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use proto::classification::v1::{ClassifyRequest, DocumentType};

/// Asks the classifier at `address` what each document is, and returns the best guess for each, in the same order.
pub async fn classify(
    address: String,
    documents: Vec<Document>,
) -> Result<Vec<DocumentType>, Error> {
    // gap
    // uses: ClassifyRequest, DocumentClassifierClient; address, documents
    let mut client = DocumentClassifierClient::connect(address).await?;
    let mut types = Vec::new();
    for document in documents {
        let request = ClassifyRequest {
            // hint: text: ...,
            text: document.text,
            // hint: document_id: ...,
            document_id: document.id,
            // hint: max_results: ...,
            max_results: Some(1),
            ..Default::default()
        };
        let response = client.classify(request).await?.into_inner();
        let best = response
            .results
            .first()
            .ok_or("an answer without a result")?;
        types.push(DocumentType::try_from(best.document_type)?);
    }
    Ok(types)
    // end of gap
}
