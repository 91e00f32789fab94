//! How the course calls the exercise, and what it gives it.

use kit::{Document, Error, Session};
use proto::classification::v1::{ClassifyResponse, DocumentType};
use tonic::Status;

use crate::answers::NOBODY;

/// Runs the exercise, once for each list of documents.
pub async fn at_once<F>(
    session: Session,
    exercise: impl Fn(String, Vec<Document>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Vec<ClassifyResponse>, Error>>,
{
    let mut documents = session.documents().into_iter();
    let unasked = documents.clone().take(1).collect();
    // The real server's time differs from run to run.
    let timed_id = session.setting("timed")?;
    for (list, length) in session.setting("lists")?.split(' ').enumerate() {
        let documents: Vec<_> = documents.by_ref().take(length.parse()?).collect();
        let ids: Vec<_> = documents.iter().map(|it| it.id.clone()).collect();
        let timed = ids.iter().any(|id| id == timed_id);
        match exercise(session.peer_address(), documents).await {
            Ok(answers) => report(&ids, &answers, timed),
            // Every call about the first list is answered.
            Err(error) if list == 0 => return Err(error),
            Err(error) => kit::report(format!("{}: {}", ids.join(", "), failure(&*error))),
        }
    }
    let answered = exercise(NOBODY.to_owned(), unasked).await.is_ok();
    let came = if answered { "no error" } else { "an error" };
    kit::report(format!("where nobody listens: {came}"));
    Ok(())
}

/// Each document with the answer that stands in its place.
fn report(ids: &[String], answers: &[ClassifyResponse], timed: bool) {
    for (index, id) in ids.iter().enumerate() {
        let answer = answers.get(index);
        let answer = answer.map_or("nothing".to_owned(), |answer| whole(answer, timed));
        kit::report(format!("{id}: {answer}"));
    }
    for answer in answers.iter().skip(ids.len()) {
        kit::report(format!("one too many: {}", whole(answer, timed)));
    }
}

/// All that an answer says.
fn whole(answer: &ClassifyResponse, timed: bool) -> String {
    let results = answer.results.iter().map(|result| {
        let number = result.document_type;
        let known = DocumentType::try_from(number);
        let name = known.map_or(format!("type {number}"), |it| it.as_str_name().to_owned());
        let (confidence, keywords) = (result.confidence, result.keywords.join(" "));
        format!("{name} {confidence:.2} ({keywords})")
    });
    let results: Vec<_> = results.collect();
    let (id, version) = (&answer.document_id, &answer.model_version);
    let time = match timed {
        true => format!(", {} ms", answer.processing_time_ms),
        false => String::new(),
    };
    format!(
        "the answer for {id}, {}, {version}{time}",
        results.join(", ")
    )
}

/// What an error says of the call that failed.
fn failure(error: &(dyn std::error::Error + 'static)) -> String {
    let mut errors = std::iter::successors(Some(error), |error| error.source());
    let Some(status) = errors.find_map(|error| error.downcast_ref::<Status>()) else {
        return "an error without a status".to_owned();
    };
    let details = match status.details() {
        [] => "without details",
        _ => "with details",
    };
    let metadata = match status.metadata().contains_key("x-request-id") {
        true => "with metadata",
        false => "without metadata",
    };
    let (code, message) = (status.code(), status.message());
    format!("an error with a status, {code:?}, {message:?}, {details}, {metadata}")
}
