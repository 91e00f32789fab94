//! Batches that a client sends: what the course answers in a server's place, and what the client makes of it.

use std::ops::Range;

use proto::classification::v1::{
    ClassificationResult, ClassifyBatchRequest, ClassifyBatchResponse, ClassifyResponse, ErrorEvent,
};
use stage::{Inputs, Seed, hop::CLIENT_SERVER};
use tap::{Call, Code, Event, EventKind, Fault, FaultKind, ResetCode, Side};

use super::BATCH_METHOD;
use checks::{Evidence, message};

/// The codes of which failures have one that is drawn. None of them is in the way of what an exercise is about.
pub(crate) const OTHER_CODES: [Code; 9] = [
    Code::INVALID_ARGUMENT,
    Code::NOT_FOUND,
    Code::PERMISSION_DENIED,
    Code::RESOURCE_EXHAUSTED,
    Code::FAILED_PRECONDITION,
    Code::ABORTED,
    Code::OUT_OF_RANGE,
    Code::UNIMPLEMENTED,
    Code::INTERNAL,
];

/// An answer about a document with all fields set. Every second one is of a type that this contract does not have.
pub(crate) fn answer(seed: Seed, id: &str, sequence_number: usize) -> ClassifyBatchResponse {
    let number = number(seed, id);
    let result = ClassificationResult {
        document_type: match sequence_number % 2 {
            0 => 1 + number as i32 % 5,
            _ => 6 + number as i32,
        },
        confidence: (40 + number) as f32 / 100.0,
        keywords: vec![format!("newer{number}"), format!("word{}", 49 - number)],
    };
    ClassifyBatchResponse {
        result: Some(ClassifyResponse {
            document_id: id.to_owned(),
            results: vec![result],
            model_version: format!("2031.{number}"),
            processing_time_ms: 1_000 + number as i64,
        }),
        sequence_number: sequence_number as i32,
        ..Default::default()
    }
}

/// An answer about a document that failed.
pub(crate) fn failed(seed: Seed, id: &str, sequence_number: usize) -> ClassifyBatchResponse {
    let reason = format!("NEWER_{}", number(seed, id));
    ClassifyBatchResponse {
        sequence_number: sequence_number as i32,
        error: Some(ErrorEvent {
            code: "FAILED_PRECONDITION".to_owned(),
            message: format!("{id} cannot be read"),
            metadata: [("reason".to_owned(), reason)].into(),
        }),
        ..Default::default()
    }
}

/// A number below 50 of a document.
fn number(seed: Seed, id: &str) -> u64 {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    seed.draw(500 + digits.parse().unwrap_or(0), 50)
}

/// The end of a call with OK.
pub(crate) fn ok() -> FaultKind {
    Fault::status(Code::OK, "").kind
}

/// The documents of batches of these lengths, as places among all of them.
pub(crate) fn split(lengths: impl IntoIterator<Item = usize>) -> Vec<Range<usize>> {
    let mut begin = 0;
    let part = |length| {
        let range = begin..begin + length;
        begin += length;
        range
    };
    lengths.into_iter().map(part).collect()
}

/// The number on its tap of the nth call of [`BATCH_METHOD`], from 1.
pub(crate) fn nth_call(events: &[Event], nth: usize) -> Option<u32> {
    let begins = |event: &&Event| matches!(&event.kind, EventKind::Request { path, .. } if path == BATCH_METHOD);
    let call = events.iter().filter(begins).nth(nth.checked_sub(1)?)?;
    Some(call.call)
}

/// Whether a call has ended, whoever ended it.
pub(crate) fn ended(events: &[Event], call: u32) -> bool {
    let ended = |event: &Event| event.call == call && event.kind.ends_call();
    events.iter().any(ended)
}

/// Whether the client has sent all of its request.
pub(crate) fn half_closed(events: &[Event], call: u32) -> bool {
    let half_closed = |event: &Event| event.call == call && event.kind == EventKind::HalfClose;
    events.iter().any(half_closed)
}

/// How many messages the server has sent in a call.
pub(crate) fn answered(events: &[Event], call: u32) -> usize {
    let from_server = |event: &&Event| {
        let from_server = matches!(
            event.kind,
            EventKind::Message {
                from: Side::Server,
                ..
            }
        );
        event.call == call && from_server
    };
    events.iter().filter(from_server).count()
}

/// A call of a run, and which batch it is about.
pub(crate) struct Asked<'a> {
    /// The batch's number, from 1, as it is reported.
    pub(crate) number: usize,
    pub(crate) call: Call<'a>,
}

/// The calls of a run whose batches are known: by the first document that a call asks about, or by there being none.
pub(crate) fn asked<'a>(evidence: &Evidence<'a>, batches: &[Range<usize>]) -> Vec<Asked<'a>> {
    let documents = &evidence.run.inputs.documents;
    let calls = evidence.calls_to(CLIENT_SERVER, BATCH_METHOD).into_iter();
    let about = |call: Call<'a>| {
        let request: ClassifyBatchRequest = message(&call, Side::Client)?;
        let has_first = |batch: &Range<usize>| match request.requests.first() {
            Some(first) => documents[batch.clone()]
                .iter()
                .any(|(id, _)| *id == first.document_id),
            None => batch.is_empty(),
        };
        let number = batches.iter().position(has_first)? + 1;
        Some(Asked { number, call })
    };
    calls.filter_map(about).collect()
}

/// The first batch about which there was more than one call.
pub(crate) fn called_again(evidence: &Evidence<'_>, batches: &[Range<usize>]) -> Option<String> {
    let asked = asked(evidence, batches);
    let of = |number| asked.iter().filter(move |it| it.number == number).count();
    let again = asked.iter().find(|it| of(it.number) > 1)?.number;
    let times = match of(again) {
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    Some(format!(
        "ClassifyBatch was called {times} for batch {again}."
    ))
}

/// The first batch for which the function returned without a call. Nothing where a call is about none of the batches: it may
/// be the one that was meant.
pub(crate) fn not_called(evidence: &Evidence<'_>, batches: &[Range<usize>]) -> Option<String> {
    let asked = asked(evidence, batches);
    if asked.len() != evidence.calls_to(CLIENT_SERVER, BATCH_METHOD).len() {
        return None;
    }
    let has_no_call = |number: &usize| {
        let mut calls = asked.iter();
        returned(evidence, *number).is_some() && calls.all(|it| it.number != *number)
    };
    let number = (1..=batches.len()).find(has_no_call)?;
    let documents = match batches[number - 1].len() {
        0 => "no documents".to_owned(),
        1 => "1 document".to_owned(),
        count => format!("{count} documents"),
    };
    Some(format!(
        "Batch {number} has {documents}, and your function returned without a call for it."
    ))
}

impl Asked<'_> {
    /// How many answers the server sent.
    pub(crate) fn count(&self) -> usize {
        self.call.messages(Side::Server).count()
    }

    /// How the server, or the connection, ended the call. `None` where it ended with OK, or the client gave it up, or it has
    /// not ended.
    pub(crate) fn failure(&self) -> Option<String> {
        self.call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status { code, .. } if *code != Code::OK => {
                Some(format!("ended with {code}"))
            }
            EventKind::Cancelled {
                by: Side::Server,
                code,
            } => Some(format!("was reset by the server with {code}")),
            EventKind::Broken { side: Side::Server } => Some("lost its connection".to_owned()),
            _ => None,
        })
    }

    /// The code of the status that the server ended the call with, where it has details, and so all that a status can have.
    pub(crate) fn whole_status(&self) -> Option<Code> {
        self.call.events.iter().find_map(|event| match &event.kind {
            EventKind::Status { code, details, .. } if !details.is_empty() => Some(*code),
            _ => None,
        })
    }

    /// Whether the client gave the call up.
    pub(crate) fn given_up(&self) -> bool {
        let given_up = |event: &&Event| {
            let by_client = EventKind::Cancelled {
                by: Side::Client,
                code: ResetCode::CANCEL,
            };
            event.kind == by_client
        };
        self.call.events.iter().any(given_up)
    }
}

/// What the exercise's function returned of a batch, as it was reported.
pub(crate) struct Returned<'a> {
    /// How many answers.
    pub(crate) count: usize,
    /// How it says that the batch ended: `"whole"`, or something else.
    pub(crate) end: &'a str,
    /// What was reported of each answer.
    pub(crate) answers: Vec<&'a str>,
}

/// What was returned of a batch. `None` where nothing was.
pub(crate) fn returned<'a>(evidence: &Evidence<'a>, number: usize) -> Option<Returned<'a>> {
    let head = format!("batch {number}: ");
    let (count, end) = evidence.reported().find_map(|line| {
        let (count, end) = line.strip_prefix(&head)?.split_once(", ")?;
        Some((count.split_once(' ')?.0.parse().ok()?, end))
    })?;
    let of_answer = format!("batch {number}, ");
    let answers = evidence
        .reported()
        .filter(|line| line.starts_with(&of_answer));
    Some(Returned {
        count,
        end,
        answers: answers.collect(),
    })
}

/// So many answers, in a sentence.
pub(crate) fn answers(count: usize) -> String {
    match count {
        0 => "no answer".to_owned(),
        1 => "1 answer".to_owned(),
        count => format!("{count} answers"),
    }
}

/// A code as tonic's debug form has it, which is how it is reported.
fn debug_name(code: Code) -> String {
    let capitalized = |word: &str| word[..1].to_owned() + &word[1..].to_lowercase();
    code.to_string().split('_').map(capitalized).collect()
}

/// The lengths of batches, as the program is told of them.
pub(crate) fn set_lengths(inputs: &mut Inputs, batches: &[Range<usize>]) {
    let lengths: Vec<_> = batches.iter().map(|it| it.len().to_string()).collect();
    let lengths = lengths.join(" ");
    inputs.settings.insert("batches".to_owned(), lengths);
}

/// What is missing from the status of a call that ended with this code, details and metadata, in the line that was reported of
/// it. `None` where nothing is.
pub(crate) fn missing_of_status(code: Code, reported: &str) -> Option<String> {
    let (name, rest) = reported.split_once(", ").unwrap_or((reported, ""));
    if name != debug_name(code) {
        Some(format!("has the code {name}"))
    } else if rest.is_empty() {
        Some("has no details".to_owned())
    } else {
        rest.ends_with("no metadata")
            .then(|| "has no metadata".to_owned())
    }
}
