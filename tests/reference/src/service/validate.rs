//! What a request may say. The rules are those of the `.proto` files; every message says what is wrong and what would
//! be right.
//!
//! All violations of a request are gathered before it is refused: a caller should not have to send it again and again
//! to learn about them one by one.

use std::ops::RangeInclusive;

use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyRequest};
use proto::model::v1::RankRequest;
use tonic::Code;

use crate::errors::{Failure, Reason, Violation};

/// Most characters (Unicode scalar values) of a text to classify.
const MAX_TEXT_CHARS: usize = 100_000;
/// What `max_results` may be.
const MAX_RESULTS: RangeInclusive<i32> = 1..=5;
/// What `max_results` is when it is not set.
const DEFAULT_RESULTS: i32 = 3;
/// Most documents of a batch.
const MAX_BATCH_DOCUMENTS: usize = 1_000;
/// Most characters of a caller's value that a message repeats. A status travels in an HTTP/2 header, and one of 20 KB
/// breaks the call.
const MAX_ECHO_CHARS: usize = 40;

/// A [`ClassifyRequest`] that keeps the rules.
#[derive(Debug, PartialEq)]
pub(crate) struct ValidClassify {
    pub(crate) text: String,
    pub(crate) document_id: String,
    pub(crate) max_results: usize,
    pub(crate) include_keywords: bool,
}

/// Checks a request for a server that serves the model `served`.
///
/// INVALID_ARGUMENT means that the request is wrong whatever the server's state; NOT_FOUND that another server, or
/// this one on another day, could answer it. So the first is checked first.
pub(crate) fn classify(request: ClassifyRequest, served: &str) -> Result<ValidClassify, Failure> {
    let mut violations = Vec::new();
    if request.text.is_empty() {
        violations.push(Violation::new(
            "text",
            format!("text is empty: send 1 to {MAX_TEXT_CHARS} characters"),
        ));
    }
    let chars = request.text.chars().count();
    if chars > MAX_TEXT_CHARS {
        violations.push(Violation::new(
            "text",
            format!("text has {chars} characters: send at most {MAX_TEXT_CHARS}"),
        ));
    }
    let max_results = request.max_results.unwrap_or(DEFAULT_RESULTS);
    if !MAX_RESULTS.contains(&max_results) {
        let description = format!(
            "max_results is {max_results}: send {} to {}, or leave it unset for {DEFAULT_RESULTS}",
            MAX_RESULTS.start(),
            MAX_RESULTS.end(),
        );
        violations.push(Violation::new("max_results", description));
    }
    refuse(&violations)?;
    if !request.model_version.is_empty() && request.model_version != served {
        let message = format!(
            "model_version \"{}\" is not served here: ask for \"{served}\", or leave it unset",
            shortened(&request.model_version),
        );
        let failure = Failure::new(Code::NotFound, Reason::ModelNotServed, message);
        return Err(failure.with("servedVersion", served));
    }
    Ok(ValidClassify {
        text: request.text,
        document_id: request.document_id,
        max_results: usize::try_from(max_results).expect("the range holds no negative number"),
        include_keywords: request.include_keywords.unwrap_or(true),
    })
}

/// Checks a batch as a whole. Each document is checked when its turn comes: a mistake in one does not
/// refuse the others.
pub(crate) fn batch(request: &ClassifyBatchRequest) -> Result<(), Failure> {
    let mut violations = Vec::new();
    let documents = request.requests.len();
    if documents == 0 {
        violations.push(Violation::new(
            "requests",
            format!("requests is empty: send 1 to {MAX_BATCH_DOCUMENTS} documents"),
        ));
    }
    if documents > MAX_BATCH_DOCUMENTS {
        violations.push(Violation::new(
            "requests",
            format!("requests has {documents} documents: send at most {MAX_BATCH_DOCUMENTS}"),
        ));
    }
    refuse(&violations)
}

/// Checks an event of a stream and returns what it asks.
pub(crate) fn event(
    correlation_id: &str,
    kind: Option<EventType>,
) -> Result<ClassifyRequest, Failure> {
    let mut violations = Vec::new();
    if correlation_id.is_empty() {
        violations.push(Violation::new(
            "correlation_id",
            "correlation_id is empty: send at least 1 character",
        ));
    }
    let asked = match kind {
        Some(EventType::ClassificationStarted(request)) => request,
        other => {
            let what = match other {
                None => "is not set, or is of a kind that this server does not know",
                Some(_) => "is of a kind that only a server sends",
            };
            violations.push(Violation::new(
                "event_type",
                format!("event_type {what}: send classification_started"),
            ));
            ClassifyRequest::default()
        }
    };
    refuse(&violations)?;
    Ok(asked)
}

/// Checks a request for scores and returns its text.
pub(crate) fn rank(request: RankRequest) -> Result<String, Failure> {
    let mut violations = Vec::new();
    if request.text.is_empty() {
        violations.push(Violation::new(
            "text",
            "text is empty: send at least 1 character",
        ));
    }
    refuse(&violations)?;
    Ok(request.text)
}

/// Refuses a request that breaks rules, with all of them.
pub(crate) fn refuse(violations: &[Violation]) -> Result<(), Failure> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Failure::invalid(violations))
    }
}

/// A caller's value as it may be repeated in a message.
pub(crate) fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_ECHO_CHARS) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}
