//! Old and new programs, and a number that was used again. The page "Contracts that change" shows these parts, and the
//! test runs them.
//!
//!     cargo run -p solution-protobuf --example evolution

use prost::{DecodeError, Message};
use proto::evolution::{reused, v1, v2};
use proto::onnx::type_proto::Value::TensorType;
use proto::onnx::{GraphProto, ModelProto, TypeProto, ValueInfoProto, type_proto};

// ANCHOR: nested
/// The name of a model's first output, if that is a tensor.
fn first_output(model: ModelProto) -> Option<String> {
    // No graph: an empty one, which has no outputs.
    let graph = model.graph.unwrap_or_default();
    let output = graph.output.into_iter().next()?;
    // A oneof in a message, and so an `Option` in an `Option`: `and_then` makes one of the two.
    let kind = output.r#type.and_then(|outer| outer.value);
    let Some(TensorType(_)) = kind else {
        return None;
    };
    Some(output.name)
}
// ANCHOR_END: nested

fn main() -> Result<(), DecodeError> {
    // ANCHOR: newer
    let sent = v2::ReviewTask {
        document_id: "doc-7".to_owned(),
        team: "night shift".to_owned(),
        ..Default::default()
    };
    let read = v1::ReviewTask::decode(sent.encode_to_vec().as_slice())?;
    assert_eq!(read.document_id, "doc-7");
    // ANCHOR_END: newer

    // ANCHOR: dropped
    let sent_on = v2::ReviewTask::decode(read.encode_to_vec().as_slice())?;
    assert_eq!(sent_on.document_id, "doc-7");
    assert_eq!(sent_on.team, "");
    // ANCHOR_END: dropped

    // ANCHOR: reused
    let sent = reused::ReviewTask {
        reason: "wrong customer".to_owned(),
        ..Default::default()
    };
    let read = v1::ReviewTask::decode(sent.encode_to_vec().as_slice())?;
    assert_eq!(read.reviewer, "wrong customer");
    // ANCHOR_END: reused
    println!("the reviewer is {:?}", read.reviewer);
    println!("the first output is {:?}", first_output(model()));
    Ok(())
}

/// A model with one output, a tensor.
fn model() -> ModelProto {
    let output = ValueInfoProto {
        name: "probabilities".to_owned(),
        r#type: Some(TypeProto {
            value: Some(TensorType(type_proto::Tensor::default())),
        }),
        ..Default::default()
    };
    ModelProto {
        graph: Some(GraphProto {
            output: vec![output],
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[test]
fn the_page_is_right() -> Result<(), DecodeError> {
    main()
}

/// Each way down ends somewhere.
#[test]
fn an_output_may_be_missing() {
    assert_eq!(first_output(model()).as_deref(), Some("probabilities"));
    assert_eq!(first_output(ModelProto::default()), None);
    let mut untyped = model();
    for output in untyped.graph.iter_mut().flat_map(|graph| &mut graph.output) {
        output.r#type = None;
    }
    assert_eq!(first_output(untyped), None);
}

/// The question about two tasks in a row.
#[test]
fn the_last_one_counts() -> Result<(), DecodeError> {
    let task = |id: &str, priority| v1::ReviewTask {
        document_id: id.to_owned(),
        priority,
        labels: vec!["blurred".to_owned(), "urgent".to_owned()],
        ..Default::default()
    };
    let bytes = [
        task("doc-7", 1).encode_to_vec(),
        task("doc-8", 2).encode_to_vec(),
    ];
    let read = v1::ReviewTask::decode(bytes.concat().as_slice())?;
    assert_eq!(read.document_id, "doc-8");
    assert_eq!(read.priority, 2);
    assert_eq!(read.labels.len(), 4);
    Ok(())
}

/// The prediction about an urgency: the wire types differ.
#[test]
fn another_wire_type_is_an_error() {
    let sent = reused::ReviewTask {
        urgency: "low".to_owned(),
        ..Default::default()
    };
    assert!(v1::ReviewTask::decode(sent.encode_to_vec().as_slice()).is_err());
}
