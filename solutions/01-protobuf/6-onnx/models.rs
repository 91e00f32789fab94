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

/// The element types that the lesson's contract has.
const ELEMENT_TYPES: [DataType; 9] = [
    DataType::Undefined,
    DataType::Float,
    DataType::Uint8,
    DataType::Int8,
    DataType::Int32,
    DataType::Int64,
    DataType::String,
    DataType::Bool,
    DataType::Double,
];

/// What is drawn for the small models.
struct Drawn {
    /// Of models, inputs and outputs.
    names: Vec<&'static str>,
    element_types: [DataType; 9],
    other_element_types: [i32; 5],
    size: i64,
    /// A side's.
    free: &'static str,
    own_version: String,
    older_version: String,
    exporter_version: String,
}

impl Drawn {
    fn new(generator: &mut fastrand::Rng) -> Self {
        let names = "axis beam cell digits encoder fold gate hop item join key layout mesh node";
        let mut names: Vec<_> = names.split(' ').collect();
        generator.shuffle(&mut names);
        let mut element_types = ELEMENT_TYPES;
        generator.shuffle(&mut element_types);
        let mut other_element_types = OTHER_ELEMENT_TYPES;
        generator.shuffle(&mut other_element_types);
        let mut version = || format!("2026.{}", generator.u32(1..100));
        Self {
            own_version: version(),
            older_version: format!("{}-old", version()),
            exporter_version: format!("{}-exporter", version()),
            names,
            element_types,
            other_element_types,
            size: generator.i64(2..1_000),
            free: ["batch", "rows", "time"][generator.usize(0..3)],
        }
    }

    fn model(&self, index: usize, input: Vec<ValueInfoProto>, keys: &[(&str, &str)]) -> ModelProto {
        // What comes out is not asked for, whatever its elements are.
        let output = tensor(self.names[index + 1], self.other_element_types[0], None);
        ModelProto {
            producer_version: self.exporter_version.clone(),
            graph: Some(GraphProto {
                name: self.names[index].to_owned(),
                input,
                output: vec![output],
            }),
            metadata_props: keys.iter().map(|(key, value)| entry(key, value)).collect(),
            ..Default::default()
        }
    }
}

/// The models after the first: what the inputs of one may be; no inputs; no graph; no version; an element type that this
/// contract does not have; a file that breaks off; and an empty one, in which nothing is set.
pub(super) fn small_models(generator: &mut fastrand::Rng) -> Vec<Vec<u8>> {
    let drawn = Drawn::new(generator);
    let (own, older) = (drawn.own_version.as_str(), drawn.older_version.as_str());
    let types = drawn.element_types;
    let no_inputs = drawn.model(
        0,
        Vec::new(),
        &[
            ("model_version", older),
            ("VERSION", older),
            ("version", own),
        ],
    );
    let no_graph = ModelProto {
        graph: None,
        ..drawn.model(1, Vec::new(), &[("version", older)])
    };
    let one = vec![tensor(
        drawn.names[9],
        types[0],
        Some(vec![named(drawn.free), exactly(drawn.size)]),
    )];
    let no_version = drawn.model(2, one, &[("model_version", own), ("version.labels", older)]);
    let known = || tensor(drawn.names[9], types[1], Some(vec![exactly(drawn.size)]));
    let unknown_type = tensor(
        drawn.names[8],
        drawn.other_element_types[1],
        Some(vec![ANY]),
    );
    let unknown_type = drawn.model(3, vec![known(), unknown_type], &[("version", own)]);
    let mut breaks_off = drawn
        .model(4, vec![known()], &[("version", own)])
        .encode_to_vec();
    breaks_off.pop();
    vec![
        of_all_kinds(&drawn, generator),
        no_inputs.encode_to_vec(),
        no_graph.encode_to_vec(),
        no_version.encode_to_vec(),
        unknown_type.encode_to_vec(),
        breaks_off,
        Vec::new(),
    ]
}

/// A model with inputs of all kinds. The first, one in the middle and the last are not tensors; two have the same name.
fn of_all_kinds(drawn: &Drawn, generator: &mut fastrand::Rng) -> Vec<u8> {
    let names = &drawn.names[7..];
    let mut shapes = [
        Some(vec![exactly(0), exactly(-1), exactly(i64::MAX)]),
        None,
        Some(vec![named(""), ANY, named("any")]),
        Some(Vec::new()),
        Some(vec![
            named(drawn.free),
            exactly(drawn.size),
            named(drawn.free),
        ]),
        Some(vec![ANY]),
        Some(vec![ANY, exactly(1), exactly(i64::MIN)]),
    ];
    generator.shuffle(&mut shapes);
    let mut tensor_names = [
        names[0], names[1], names[2], names[1], names[3], "", names[4],
    ];
    generator.shuffle(&mut tensor_names);
    let tensors = tensor_names
        .into_iter()
        .zip(drawn.element_types)
        .zip(shapes);
    let mut inputs: Vec<_> = tensors
        .map(|((name, element), shape)| tensor(name, element, shape).encode_to_vec())
        .collect();
    let unset = |r#type| ValueInfoProto {
        name: names[5].to_owned(),
        r#type,
        ..Default::default()
    };
    inputs.insert(0, sequence(names[6]));
    inputs.insert(4, unset(None).encode_to_vec());
    inputs.push(unset(Some(TypeProto::default())).encode_to_vec());

    let keys = [
        ("version", drawn.own_version.as_str()),
        ("labels", drawn.free),
        ("versions", drawn.older_version.as_str()),
    ];
    let mut model = drawn.model(5, Vec::new(), &keys);
    let mut graph = model.graph.take().unwrap_or_default().encode_to_vec();
    for input in &inputs {
        encoding::bytes::encode(INPUT_FIELD, input, &mut graph);
    }
    let mut model = model.encode_to_vec();
    encoding::bytes::encode(GRAPH_FIELD, &graph, &mut model);
    model
}
