//! The ONNX file: what lesson 1 opens.

use classifier::{Classifier, Kind, model_bytes};
use prost::Message;
use tract_onnx::pb::ModelProto;

use super::CLASSIFIER;

#[test]
fn model_is_small() {
    assert!(
        model_bytes().len() < 1_000_000,
        "{} bytes",
        model_bytes().len()
    );
}

#[test]
fn model_is_a_protobuf_message_that_describes_itself() {
    let model = ModelProto::decode(model_bytes()).expect("the file is a ModelProto");
    let metadata = |key: &str| {
        let entry = model.metadata_props.iter().find(|entry| entry.key == key);
        entry.map(|entry| entry.value.as_str())
    };
    let labels: Vec<&str> = Kind::ALL.into_iter().map(Kind::label).collect();
    assert_eq!(metadata("version"), Some("2026.1"));
    assert_eq!(metadata("labels"), Some(labels.join(",").as_str()));
    assert_eq!(CLASSIFIER.version(), "2026.1");

    let graph = model.graph.expect("a model has a graph");
    let names = |values: &[tract_onnx::pb::ValueInfoProto]| -> Vec<String> {
        values.iter().map(|value| value.name.clone()).collect()
    };
    assert_eq!(names(&graph.input), ["tokens", "counts"]);
    assert_eq!(names(&graph.output), ["probabilities", "without"]);
    assert_eq!(graph.initializer[0].dims, [32_768, 4]);
    assert!(model.producer_name.is_ascii() && !model.producer_name.is_empty());
}

#[test]
fn one_classifier_serves_many_threads() {
    fn assert_shareable<T: Send + Sync>() {}
    assert_shareable::<Classifier>();
}
