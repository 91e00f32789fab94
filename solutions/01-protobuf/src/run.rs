//! How the course runs each exercise of this lesson: what it passes in, and what it reports of the answer.

#![allow(
    dead_code,
    reason = "a starter uses some of what is given only once its gap is filled"
)]

use kit::{Document, Error, Peer, Session};
use prost::{DecodeError, Message};
use proto::classification::v1::{
    ClassificationResult, ClassifyRequest, ClassifyResponse, DocumentType,
};
use proto::evolution::v1::ReviewTask;
use proto::onnx::tensor_proto::DataType;

// ANCHOR: label
/// protobuf.2: what a result's document type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A type of this program's copy of the contract.
    Known(DocumentType),
    /// No type: the field is not on the wire.
    NotSet,
    /// A number from a newer copy of the contract.
    Newer(i32),
}

/// protobuf.2: a `max_results` that is set, to a number that the contract does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange(pub i32);
// ANCHOR_END: label

// ANCHOR: outcome
/// protobuf.3: what the event that answers a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was classified. The keywords of all results, in their order.
    Complete(Vec<String>),
    /// It failed. The error's code, and its metadata sorted by key.
    Failed(String, Vec<(String, String)>),
    /// None of these, or of a kind that this program does not know.
    Unknown,
}
// ANCHOR_END: outcome

// ANCHOR: input
/// protobuf.6: an input of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// What its elements are.
    pub element: DataType,
    /// Its sides, from the outermost to the innermost.
    pub shape: Vec<Side>,
}
// ANCHOR_END: input

impl Input {
    /// An input of these parts.
    pub fn new(name: String, element: DataType, shape: Vec<Side>) -> Self {
        Self {
            name,
            element,
            shape,
        }
    }
}

// ANCHOR: side
/// protobuf.6: a side of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// This very size.
    Exactly(i64),
    /// Any size, and the same wherever this name stands.
    Named(String),
    /// Any size.
    Any,
}
// ANCHOR_END: side

/// protobuf.1
pub async fn round_trip(
    session: Session,
    exercise: impl FnOnce(Document, &mut Peer) -> Result<ClassifyRequest, DecodeError>,
) -> Result<(), Error> {
    // ANCHOR: round_trip
    let document = session.documents().remove(0);
    let mut peer = session.into_peer();
    let answer = exercise(document, &mut peer)?;
    kit::report(format!("document_id: {}", answer.document_id));
    kit::report(format!("text: {} characters", answer.text.chars().count()));
    kit::report(format!("model_version: {}", answer.model_version));
    kit::report(match answer.max_results {
        Some(count) => format!("max_results: {count}"),
        None => "max_results: not set".to_owned(),
    });
    // ANCHOR_END: round_trip
    Ok(())
}

/// protobuf.2
pub async fn presence(
    session: Session,
    exercise: impl Fn(
        ClassifyRequest,
        &[ClassificationResult],
        &mut Peer,
    ) -> Result<Vec<Label>, OutOfRange>,
) -> Result<(), Error> {
    let mut peer = session.into_peer();
    let ranking = ClassifyResponse::decode(peer.receive().as_slice())?.results;
    for _ in 0..4 {
        let request = ClassifyRequest::decode(peer.receive().as_slice())?;
        let id = request.document_id.clone();
        let line = match exercise(request, &ranking, &mut peer) {
            Ok(labels) => labels.iter().map(text).collect::<Vec<_>>().join(", "),
            Err(OutOfRange(count)) => format!("refused, max_results is {count}"),
        };
        kit::report(format!("{id}: {line}"));
    }
    Ok(())
}

fn text(label: &Label) -> String {
    match label {
        Label::Known(document_type) => document_type.as_str_name().to_owned(),
        Label::NotSet => "not set".to_owned(),
        Label::Newer(number) => format!("newer type {number}"),
    }
}

/// protobuf.3
pub async fn events(
    session: Session,
    exercise: impl Fn(Document, &mut Peer) -> Result<Outcome, DecodeError>,
) -> Result<(), Error> {
    let documents = session.documents();
    let mut peer = session.into_peer();
    for document in documents {
        let id = document.id.clone();
        let line = match exercise(document, &mut peer)? {
            Outcome::Complete(keywords) => format!("complete, {}", keywords.join(" ")),
            Outcome::Failed(code, metadata) => {
                let pairs = metadata.iter().map(|(key, value)| format!("{key}={value}"));
                format!("{code}, {}", pairs.collect::<Vec<_>>().join(" "))
            }
            Outcome::Unknown => "unknown kind".to_owned(),
        };
        kit::report(format!("{id}: {line}"));
    }
    Ok(())
}

/// protobuf.4
pub async fn varint(
    session: Session,
    exercise: impl Fn(&[u8], &mut Peer) -> i32,
) -> Result<(), Error> {
    let mut peer = session.into_peer();
    // ANCHOR: varint
    for _ in 0..6 {
        let reading = peer.receive();
        // The tag of field 1 is one byte; the number's varint is the rest.
        let varint = reading.get(1..).ok_or("the peer sent no reading")?;
        let number = exercise(varint, &mut peer);
        kit::report(number.to_string());
    }
    // ANCHOR_END: varint
    Ok(())
}

/// protobuf.5
pub async fn evolution(
    session: Session,
    exercise: impl Fn(Vec<u8>, String, &mut Peer) -> Result<ReviewTask, DecodeError>,
) -> Result<(), Error> {
    let program = session.setting("program").to_owned();
    let mut peer = session.into_peer();
    for _ in 0..4 {
        let bytes = peer.receive();
        let line = match exercise(bytes, program.clone(), &mut peer) {
            Ok(task) => format!(
                "{}: priority {}, reviewer {:?}, labels {:?}",
                task.document_id, task.priority, task.reviewer, task.labels
            ),
            Err(_) => "not readable".to_owned(),
        };
        kit::report(line);
    }
    Ok(())
}

/// protobuf.6
pub async fn onnx(
    session: Session,
    exercise: impl Fn(&[u8], &mut Peer) -> Result<Vec<Input>, Error>,
) -> Result<(), Error> {
    let mut peer = session.into_peer();
    let file = peer.receive();
    for input in exercise(&file, &mut peer)? {
        let sides = input.shape.into_iter().map(|side| match side {
            Side::Exactly(size) => size.to_string(),
            Side::Named(name) => name,
            Side::Any => "any".to_owned(),
        });
        let sides = sides.collect::<Vec<_>>().join(", ");
        kit::report(format!(
            "{}: {} [{sides}]",
            input.name,
            input.element.as_str_name()
        ));
    }
    Ok(())
}
