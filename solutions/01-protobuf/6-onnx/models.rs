//! The models that the exercise reads: the course's own, varied, and small ones.

use anyhow::{Result, bail};
use prost::Message;
use prost::encoding;
use proto::onnx::tensor_proto::DataType;
use proto::onnx::tensor_shape_proto::{Dimension, dimension};
use proto::onnx::type_proto::{self, Tensor};
use proto::onnx::{
    GraphProto, ModelProto, StringStringEntryProto, TensorShapeProto, TypeProto, ValueInfoProto,
};
use tap::wire;

/// The course's model.
pub(super) const MODEL: &[u8] = include_bytes!("../../../tests/classifier/model/classifier.onnx");

/// The type of an input that is a sequence: `type` whose field 4 is set, which the lesson's contract does not declare. In
/// that, the type of the elements, and in that, a tensor.
const SEQUENCE_TYPE: [u8; 10] = [0x12, 8, 0x22, 6, 0x0a, 4, 0x0a, 2, 0x08, 8];

/// Types of elements that the format has and the lesson's contract does not: UINT16, INT16, FLOAT16, UINT64, BFLOAT16.
const OTHER_ELEMENT_TYPES: [i32; 5] = [4, 5, 10, 13, 16];

/// The numbers of the fields that are varied, in `ModelProto` and in `GraphProto`.
const GRAPH_FIELD: u32 = 7;
const METADATA_PROPS_FIELD: u32 = 14;
const INPUT_FIELD: u32 = 11;

/// The file with other inputs and other metadata. Everything else stays as it is, including what the contract does not
/// declare: a struct of prost's would drop the weights, so the fields are replaced in the bytes.
pub(super) fn vary(file: &[u8], generator: &mut fastrand::Rng) -> Result<Vec<u8>> {
    let known = ModelProto::decode(file)?;

    let mut properties = known.metadata_props;
    generator.shuffle(&mut properties);
    for property in &mut properties {
        if property.key == "version" {
            property.value = format!("{}-r{}", property.value, generator.u32(1..100));
        }
    }
    // Neither the first entry nor one whose key only begins or ends so is the version.
    let mut other = |key| entry(key, &format!("wirebook r{}", generator.u32(100..1_000)));
    properties.insert(0, other("exporter"));
    properties.insert(1, other("exporter_version"));
    properties.push(other("version_note"));
    let properties: Vec<_> = properties.iter().map(Message::encode_to_vec).collect();

    let free = ["length", "n", "tokens", "words"][generator.usize(0..4)];
    let mut inputs = known.graph.unwrap_or_default().input;
    inputs.push(tensor("mask", DataType::Bool, Some(vec![named(""), ANY])));
    for input in &mut inputs {
        rename(input, free);
    }
    let mut inputs: Vec<_> = inputs.iter().map(Message::encode_to_vec).collect();
    inputs.push(sequence("options"));
    generator.shuffle(&mut inputs);

    let graph = wire::fields(file)
        .filter_map(Result::ok)
        .find(|field| field.number == GRAPH_FIELD);
    let Some(wire::Value::Len(graph)) = graph.map(|field| field.value) else {
        bail!("the model has no graph");
    };
    let graph = replaced(graph, INPUT_FIELD, &inputs)?;
    let model = replaced(file, GRAPH_FIELD, &[graph])?;
    replaced(&model, METADATA_PROPS_FIELD, &properties)
}

/// The message with all values of a length-delimited field replaced by these, where the first one stood.
fn replaced(message: &[u8], number: u32, values: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut written = Vec::with_capacity(message.len());
    let mut left = values.iter();
    for field in wire::fields(message) {
        let field = field?;
        if field.number == number {
            for value in left.by_ref() {
                encoding::bytes::encode(number, value, &mut written);
            }
        } else {
            written.extend(field.bytes);
        }
    }
    for value in left {
        encoding::bytes::encode(number, value, &mut written);
    }
    Ok(written)
}

/// Gives the free sides of an input another name.
fn rename(input: &mut ValueInfoProto, free: &str) {
    let kind = input.r#type.as_mut();
    let kind = kind.and_then(|input_type| input_type.value.as_mut());
    if let Some(type_proto::Value::TensorType(tensor)) = kind {
        for side in tensor.shape.iter_mut().flat_map(|shape| &mut shape.dim) {
            if let Some(dimension::Value::DimParam(name)) = &mut side.value {
                *name = free.to_owned();
            }
        }
    }
}

/// A side of any size.
const ANY: Dimension = Dimension { value: None };

fn named(name: &str) -> Dimension {
    Dimension {
        value: Some(dimension::Value::DimParam(name.to_owned())),
    }
}

fn exactly(size: i64) -> Dimension {
    Dimension {
        value: Some(dimension::Value::DimValue(size)),
    }
}

fn entry(key: &str, value: &str) -> StringStringEntryProto {
    StringStringEntryProto {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// An input that is a tensor. Without `dim`, its shape is not set.
fn tensor(name: &str, element: impl Into<i32>, dim: Option<Vec<Dimension>>) -> ValueInfoProto {
    let tensor = Tensor {
        elem_type: element.into(),
        shape: dim.map(|dim| TensorShapeProto { dim }),
    };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            value: Some(type_proto::Value::TensorType(tensor)),
        }),
        ..Default::default()
    }
}

/// An input whose type this contract does not declare, encoded.
fn sequence(name: &str) -> Vec<u8> {
    let input = ValueInfoProto {
        name: name.to_owned(),
        ..Default::default()
    };
    [&input.encode_to_vec()[..], &SEQUENCE_TYPE].concat()
}

/// The models after the first: what the inputs of one may be; no inputs; no graph; no version; an element type that this
/// contract does not have; a file that breaks off; and an empty one, in which nothing is set.
pub(super) fn small_models(generator: &mut fastrand::Rng) -> Vec<Vec<u8>> {
    let mut names = ["digits", "encoder", "layout", "ranker", "tagger", "zoner"];
    generator.shuffle(&mut names);
    let mut version = || format!("2026.{}", generator.u32(1..100));
    let (own, older, written_by) = (version(), version(), format!("{}-exporter", version()));
    let model =
        |index: usize, input: Vec<ValueInfoProto>, properties: &[(&str, &str)]| ModelProto {
            producer_version: written_by.clone(),
            graph: Some(GraphProto {
                name: names[index].to_owned(),
                input,
                // What comes out is not asked for, whatever its elements are.
                output: vec![tensor("scores", OTHER_ELEMENT_TYPES[0], None)],
            }),
            metadata_props: properties
                .iter()
                .map(|(key, value)| entry(key, value))
                .collect(),
            ..Default::default()
        };
    let size = generator.i64(2..1_000);
    let free = ["batch", "rows", "time"][generator.usize(0..3)];
    let other_type = OTHER_ELEMENT_TYPES[generator.usize(0..OTHER_ELEMENT_TYPES.len())];

    let of_all_kinds = model(
        0,
        Vec::new(),
        &[("version", &own), ("labels", "a,b"), ("versions", &older)],
    );
    let unset = |r#type| ValueInfoProto {
        name: "extras".to_owned(),
        r#type,
        ..Default::default()
    };
    let mut inputs = vec![
        sequence("state"),
        tensor(
            "z",
            DataType::Float,
            Some(vec![exactly(0), exactly(-1), exactly(i64::MAX)]),
        )
        .encode_to_vec(),
        tensor("b", DataType::Uint8, None).encode_to_vec(),
        tensor("", DataType::Int8, Some(vec![named(""), ANY, named("any")])).encode_to_vec(),
        unset(None).encode_to_vec(),
        tensor("b", DataType::Int32, Some(Vec::new())).encode_to_vec(),
        tensor(
            "m",
            DataType::String,
            Some(vec![named(free), exactly(size), named(free)]),
        )
        .encode_to_vec(),
        tensor("a", DataType::Undefined, Some(vec![ANY])).encode_to_vec(),
        tensor(
            "k",
            DataType::Double,
            Some(vec![ANY, exactly(1), exactly(i64::MIN)]),
        )
        .encode_to_vec(),
        unset(Some(TypeProto::default())).encode_to_vec(),
    ];
    let graph = of_all_kinds
        .graph
        .clone()
        .unwrap_or_default()
        .encode_to_vec();
    let mut graph_with_inputs = graph;
    for input in &mut inputs {
        encoding::bytes::encode(INPUT_FIELD, input, &mut graph_with_inputs);
    }
    let mut of_all_kinds = ModelProto {
        graph: None,
        ..of_all_kinds
    }
    .encode_to_vec();
    encoding::bytes::encode(GRAPH_FIELD, &graph_with_inputs, &mut of_all_kinds);

    let no_inputs = model(
        1,
        Vec::new(),
        &[
            ("model_version", &older),
            ("VERSION", &older),
            ("version", &own),
        ],
    );
    let no_graph = ModelProto {
        graph: None,
        ..model(2, Vec::new(), &[("version", &older)])
    };
    let one = vec![tensor(
        "only",
        DataType::Int64,
        Some(vec![named(free), exactly(size)]),
    )];
    let no_version = model(
        3,
        one,
        &[("model_version", &own), ("version.labels", &older)],
    );
    let known = || tensor("first", DataType::Float, Some(vec![exactly(size)]));
    let unknown_type = vec![known(), tensor("second", other_type, Some(vec![ANY]))];
    let unknown_type = model(4, unknown_type, &[("version", &own)]);
    let mut breaks_off = model(5, vec![known()], &[("version", &own)]).encode_to_vec();
    breaks_off.pop();
    vec![
        of_all_kinds,
        no_inputs.encode_to_vec(),
        no_graph.encode_to_vec(),
        no_version.encode_to_vec(),
        unknown_type.encode_to_vec(),
        breaks_off,
        Vec::new(),
    ]
}
