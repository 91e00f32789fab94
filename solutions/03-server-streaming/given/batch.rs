//! Batches as clients send them, and in a line each what came back.

use std::collections::BTreeMap;
use std::mem::take;
use std::vec::IntoIter;

use kit::{Document, Error, Session};
use proto::classification::v1::{
    ClassifyBatchRequest, ClassifyBatchResponse, ClassifyRequest, DocumentType,
};
use tonic::Status;

/// The batches of a run, in their order. The first is batch 1.
pub fn batches(session: &Session) -> Result<IntoIter<ClassifyBatchRequest>, Error> {
    let mut documents = session.documents().into_iter();
    let mut batches = Vec::new();
    for length in session.setting("batches")?.split(' ') {
        let documents = documents.by_ref().take(length.parse()?);
        batches.push(ClassifyBatchRequest {
            requests: documents.map(request).collect(),
            // In turn, so that neither is what a batch has anyway.
            include_keywords: batches.len() % 2 == 0,
        });
    }
    Ok(batches.into_iter())
}

/// Asks for the best result for one document.
fn request(document: Document) -> ClassifyRequest {
    ClassifyRequest {
        text: document.text,
        document_id: document.id,
        max_results: Some(1),
        ..Default::default()
    }
}

/// Reports what was returned of a batch: how it ended, and each answer with a digest of the whole of it.
pub fn report_batch(number: usize, answers: &[ClassifyBatchResponse], end: &str) {
    let count = match answers.len() {
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    };
    kit::report(format!("batch {number}: {count}, {end}"));
    for answer in answers {
        let sequence_number = answer.sequence_number;
        let last = if answer.is_last { ", last" } else { "" };
        let what = what(answer);
        let digest = kit::digest(whole(number, answer.clone()).as_bytes());
        kit::report(format!(
            "batch {number}, {sequence_number}{last}: {what} {digest}"
        ));
    }
}

/// What an answer says, in short.
fn what(answer: &ClassifyBatchResponse) -> String {
    if let Some(error) = &answer.error {
        return error.code.clone();
    }
    let result = answer.result.clone().unwrap_or_default();
    let best = result.results.first();
    let best = best.map(|best| {
        let known = DocumentType::try_from(best.document_type);
        known.map_or(format!("type {}", best.document_type), |known| {
            known.as_str_name().replace("DOCUMENT_TYPE_", "")
        })
    });
    format!("{} {}", result.document_id, best.unwrap_or_default())
}

/// All of an answer, as a text. The first batch is answered by the reference server, and how long that worked is another time
/// in each run.
fn whole(number: usize, mut answer: ClassifyBatchResponse) -> String {
    if let (1, Some(result)) = (number, &mut answer.result) {
        result.processing_time_ms = 0;
    }
    // A map has no order of its own.
    let metadata = answer.error.as_mut().map(|error| take(&mut error.metadata));
    let metadata: BTreeMap<_, _> = metadata.into_iter().flatten().collect();
    format!("{answer:?} {metadata:?}")
}

/// All of a status, in one line. Of one without details, which was made on this side of the wire, the code alone: how to
/// word it is up to who makes it.
pub fn status_line(status: &Status) -> String {
    match status.details() {
        [] => format!("{:?}", status.code()),
        _ => kit::status_line(status),
    }
}
