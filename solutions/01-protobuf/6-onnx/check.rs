//! The course's own model, weights and all, as another exporter might have written it: unordered lists are in a
//! different order, free sides have other names, and there are two more inputs, one of which is not a tensor.

use anyhow::{Context, Result, bail};
use prost::Message;
use prost::encoding;
use proto::classification::v1::ModelMetadata;
use proto::onnx::tensor_proto::DataType;
use proto::onnx::tensor_shape_proto::{Dimension, dimension};
use proto::onnx::type_proto::{self, Tensor};
use proto::onnx::{
    ModelProto, StringStringEntryProto, TensorShapeProto, TypeProto, ValueInfoProto,
};
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::{Side, wire};

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Onnx;

/// The course's model.
const MODEL: &[u8] = include_bytes!("../../../tests/classifier/model/classifier.onnx");

/// An input that is a sequence: `type` whose field 4 is set, which the lesson's contract does not declare. In that, the
/// type of the elements, and in that, a tensor.
const SEQUENCE_TYPE: [u8; 10] = [0x12, 8, 0x22, 6, 0x0a, 4, 0x0a, 2, 0x08, 8];

#[stage::async_trait]
impl Scenario for Onnx {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, _: usize) -> View {
        View::Bytes(match from {
            Side::Client => "classification.v1.ModelMetadata",
            Side::Server => "onnx.ModelProto",
        })
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let varied = vary(MODEL, &mut source.seed.generator(60));
        let varied = varied.context("vary the course's model")?;
        Ok(Inputs {
            peer_sent: vec![(0, varied)],
            ..Inputs::default()
        })
    }
}

/// The numbers of the fields that are varied, in `ModelProto` and in `GraphProto`.
const GRAPH_FIELD: u32 = 7;
const METADATA_PROPS_FIELD: u32 = 14;
const INPUT_FIELD: u32 = 11;

/// The file with other inputs and other metadata. Everything else stays as it is, including what the contract does not
/// declare: a struct of prost's would drop the weights, so the fields are replaced in the bytes.
fn vary(file: &[u8], generator: &mut fastrand::Rng) -> Result<Vec<u8>> {
    let known = ModelProto::decode(file)?;

    let mut properties = known.metadata_props;
    generator.shuffle(&mut properties);
    // A program that takes the first entry for the version must not pass.
    properties.insert(
        0,
        StringStringEntryProto {
            key: "exporter".to_owned(),
            value: format!("wirebook r{}", generator.u32(100..1_000)),
        },
    );
    for property in &mut properties {
        if property.key == "version" {
            property.value = format!("{}-r{}", property.value, generator.u32(1..100));
        }
    }
    let properties: Vec<_> = properties.iter().map(Message::encode_to_vec).collect();

    let free = ["length", "n", "tokens", "words"][generator.usize(0..4)];
    let mut inputs = known.graph.unwrap_or_default().input;
    inputs.push(mask());
    for input in &mut inputs {
        rename(input, free);
    }
    let mut inputs: Vec<_> = inputs.iter().map(Message::encode_to_vec).collect();
    let mut options = ValueInfoProto {
        name: "options".to_owned(),
        ..Default::default()
    }
    .encode_to_vec();
    options.extend(SEQUENCE_TYPE);
    inputs.push(options);
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

/// One more input: flags, with a side that has an empty name and one of any size.
fn mask() -> ValueInfoProto {
    let side = |value| Dimension { value };
    let named = dimension::Value::DimParam(String::new());
    let tensor = Tensor {
        elem_type: DataType::Bool.into(),
        shape: Some(TensorShapeProto {
            dim: vec![side(Some(named)), side(None)],
        }),
    };
    ValueInfoProto {
        name: "mask".to_owned(),
        r#type: Some(TypeProto {
            value: Some(type_proto::Value::TensorType(tensor)),
        }),
        ..Default::default()
    }
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

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "Your program sent the peer nothing. Fill a ModelMetadata and hand its bytes to `peer.send(...)`.",
    },
    Diagnosis {
        name: "none-unwrapped",
        seen: |evidence| {
            let shows = {
                let panic = evidence.panic().unwrap_or_default();
                panic.contains("on a `None` value") || panic.contains("unreachable code")
            };
            shows.then(String::new)
        },
        usually: "Your program panicked on a oneof that is None. There are two of them in this file, and the line of \
                 the panic says which one you unwrapped. The `value` of a type is None where the input is not a \
                 tensor: leave that input out. The `value` of a side is None where the side has neither a size nor a \
                 name: that is `Side::Any`.",
    },
    Diagnosis {
        name: "not-a-tensor-listed",
        seen: |evidence| {
            let shows = evidence.reported().any(|line| line.starts_with("options:"));
            shows.then(String::new)
        },
        usually: "You listed an input that is not a tensor. The `value` of its type is None, since it is of a kind that \
                 this contract does not declare; a default in its place would be wrong. Leave the input out.",
    },
    Diagnosis {
        name: "outputs-read",
        seen: |evidence| {
            let shows = {
                let graph = peer_model(evidence).graph.unwrap_or_default();
                let named = |line: &str| {
                    graph
                        .output
                        .iter()
                        .any(|output| line.starts_with(&format!("{}:", output.name)))
                };
                evidence.reported().any(named)
            };
            shows.then(String::new)
        },
        usually: "You returned an output of the graph. Its inputs are field 11, `input`; field 12 is `output`.",
    },
    Diagnosis {
        name: "free-side-lost",
        seen: |evidence| {
            let shows = {
                let lines: Vec<_> = evidence.reported().collect();
                !lines.is_empty()
                    && !free_names(evidence)
                        .iter()
                        .any(|name| lines.iter().any(|line| line.contains(name.as_str())))
            };
            shows.then(String::new)
        },
        usually: "The sides that have a name are missing from what you returned. A side is a oneof: `DimValue` is a \
                 size, `DimParam` a name that stands for any size, None any size without a name. Each is a case of \
                 `Side`.",
    },
    Diagnosis {
        name: "any-side-lost",
        seen: |evidence| {
            let shows = {
                let any = with_any_side(evidence);
                let mut lines = evidence.reported();
                lines.any(|line| {
                    let is_about = |name: &String| line.starts_with(&format!("{name}: "));
                    any.iter().any(is_about) && !line.contains("any")
                })
            };
            shows.then(String::new)
        },
        usually: "A side that may have any size is missing from what you returned. Its `value` is None: it has neither \
                 a size nor a name. It is a side all the same, so give it its own case, `Side::Any`. Without it, the \
                 input has fewer sides, or a side that is not in the file.",
    },
    Diagnosis {
        name: "version-from-elsewhere",
        seen: |evidence| {
            let shows = {
                let metadata = evidence.sent().next();
                let metadata = metadata.and_then(|bytes| ModelMetadata::decode(bytes).ok());
                let properties = peer_model(evidence).metadata_props;
                let version = properties.iter().find(|property| property.key == "version");
                metadata.is_some_and(|sent| {
                    version.is_some_and(|version| sent.version != version.value)
                })
            };
            shows.then(String::new)
        },
        usually: "The version that you sent is not that of the model. `metadata_props` is a list of keys and values in \
                 any order, older than protobuf's maps: look for the entry whose key is \"version\". \
                 (`producer_version` is that of the program which wrote the file.)",
    },
];

fn peer_model(evidence: &Evidence<'_>) -> ModelProto {
    let file = evidence.peer_sent().next().unwrap_or_default();
    ModelProto::decode(file).unwrap_or_default()
}

/// The names of the inputs with a side that has neither a size nor a name.
fn with_any_side(evidence: &Evidence<'_>) -> Vec<String> {
    let mut inputs = peer_model(evidence).graph.unwrap_or_default().input;
    inputs.retain(|input| {
        let kind = input.r#type.as_ref();
        let kind = kind.and_then(|input_type| input_type.value.as_ref());
        let Some(type_proto::Value::TensorType(tensor)) = kind else {
            return false;
        };
        let mut sides = tensor.shape.iter().flat_map(|shape| &shape.dim);
        sides.any(|side| side.value.is_none())
    });
    inputs.into_iter().map(|input| input.name).collect()
}

/// The names of free sides, with what stands around them in a report.
fn free_names(evidence: &Evidence<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for input in peer_model(evidence).graph.unwrap_or_default().input {
        let kind = input.r#type.and_then(|input_type| input_type.value);
        if let Some(type_proto::Value::TensorType(tensor)) = kind {
            for side in tensor.shape.unwrap_or_default().dim {
                if let Some(dimension::Value::DimParam(name)) = side.value {
                    names.push(format!("[{name}"));
                }
            }
        }
    }
    names
}
