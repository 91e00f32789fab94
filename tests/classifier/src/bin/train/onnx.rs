//! The trained network as an ONNX file: a `ModelProto` message whose graph asks, in one run, what the probabilities
//! are and what they would be without each word.

use classifier::words::ROWS;
use corpus::Kind;
use prost::Message;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, StringStringEntryProto,
    TensorProto, TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

use crate::fit;
use crate::network::{LABELS, Network, PRIOR, WIDTH};

/// The version that the model's metadata states. Raise it when the model answers differently.
const VERSION: &str = "2026.1";

/// The operator set: the newest that tract is tested against has the number 18, whose reductions changed; 17 is
/// what most runtimes read.
const OPERATOR_SET: i64 = 17;

/// Encodes the network. Protobuf leaves the order of fields open; prost writes them by number, so the bytes are
/// the same wherever the numbers are.
pub(crate) fn encode(network: &Network) -> Vec<u8> {
    let metadata = |key: &str, value: String| StringStringEntryProto {
        key: key.into(),
        value,
    };
    let labels: Vec<&str> = Kind::ALL.into_iter().map(Kind::label).collect();
    ModelProto {
        ir_version: 8,
        producer_name: "wirebook train".into(),
        producer_version: VERSION.into(),
        doc_string: "Ranks a business document's type from its words; see MODEL_CARD.md.".into(),
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPERATOR_SET,
        }],
        metadata_props: vec![
            metadata("version", VERSION.into()),
            metadata("labels", labels.join(",")),
            metadata("rows", ROWS.to_string()),
        ],
        graph: Some(graph(network)),
        ..ModelProto::default()
    }
    .encode_to_vec()
}

fn graph(network: &Network) -> GraphProto {
    let (labels, words) = (Dim::Exactly(LABELS as i64), Dim::Words);
    GraphProto {
        name: "document_classifier".into(),
        input: vec![
            value(
                "tokens",
                DataType::Int64,
                &[words],
                "the row of each distinct word",
            ),
            value(
                "counts",
                DataType::Float,
                &[words, Dim::Exactly(1)],
                "how often the text has each word",
            ),
        ],
        output: vec![
            value(
                "probabilities",
                DataType::Float,
                &[Dim::Exactly(1), labels],
                "of each label",
            ),
            value(
                "without",
                DataType::Float,
                &[words, labels],
                "the same, if the text had not the word of the row",
            ),
        ],
        node: nodes(),
        initializer: initializers(network),
        ..GraphProto::default()
    }
}

fn nodes() -> Vec<NodeProto> {
    let rows_axis = || [attribute("axis", AttributeType::Int, 0)];
    let keep = || [attribute("keepdims", AttributeType::Int, 1)];
    let label_axis = || [attribute("axis", AttributeType::Int, 1)];
    vec![
        // Each word's weight, and its embedding times that weight.
        node("Sqrt", &["counts"], "presence", []),
        node(
            "Gather",
            &["importance", "tokens"],
            "importances",
            rows_axis(),
        ),
        node("Mul", &["importances", "presence"], "weights", []),
        node(
            "Gather",
            &["embedding", "tokens"],
            "embeddings",
            rows_axis(),
        ),
        node("Mul", &["embeddings", "weights"], "shares", []),
        // The text's meaning is their weighted mean.
        node("ReduceSum", &["shares", "word_axis"], "share_sum", keep()),
        node("ReduceSum", &["weights", "word_axis"], "weight_sum", keep()),
        node("Add", &["weight_sum", "prior"], "mass", []),
        node("Div", &["share_sum", "mass"], "meaning", []),
        node("MatMul", &["meaning", "output"], "meaning_scores", []),
        node("Add", &["meaning_scores", "bias"], "scores", []),
        node("Softmax", &["scores"], "probabilities", label_axis()),
        // The same for each word taken away.
        node("Sub", &["share_sum", "shares"], "share_sum_without", []),
        node("Sub", &["mass", "weights"], "mass_without", []),
        node(
            "Div",
            &["share_sum_without", "mass_without"],
            "meaning_without",
            [],
        ),
        node(
            "MatMul",
            &["meaning_without", "output"],
            "meaning_scores_without",
            [],
        ),
        node(
            "Add",
            &["meaning_scores_without", "bias"],
            "scores_without",
            [],
        ),
        node("Softmax", &["scores_without"], "without", label_axis()),
    ]
}

fn initializers(network: &Network) -> Vec<TensorProto> {
    let mut embedding = network.embedding.clone();
    let mut importance = Vec::with_capacity(ROWS as usize);
    for row in 0..ROWS as usize {
        let common = fit::is_common(network, row);
        importance.push(if common {
            libm::exp(network.log_importance[row])
        } else {
            0.0
        });
        if !common {
            embedding[row * WIDTH..(row + 1) * WIDTH].fill(0.0);
        }
    }
    let (rows, width, labels) = (i64::from(ROWS), WIDTH as i64, LABELS as i64);
    vec![
        floats("embedding", &[rows, width], &embedding),
        floats("importance", &[rows, 1], &importance),
        floats("output", &[width, labels], &network.output),
        floats("bias", &[1, labels], &network.bias),
        floats("prior", &[1, 1], &[PRIOR]),
        TensorProto {
            name: "word_axis".into(),
            dims: vec![1],
            data_type: DataType::Int64 as i32,
            int64_data: vec![0],
            ..TensorProto::default()
        },
    ]
}

/// Rounds to the nearest number that fits in 16 bits of bfloat16, ties to even. The file holds f32, but with half of
/// its bits zero it packs to less than half, and the network does as well.
fn rounded(value: f64) -> f32 {
    let bits = (value as f32).to_bits();
    let tie_to_even = 0x7fff + ((bits >> 16) & 1);
    f32::from_bits(bits.wrapping_add(tie_to_even) & 0xffff_0000)
}

fn floats(name: &str, dims: &[i64], values: &[f64]) -> TensorProto {
    TensorProto {
        name: name.into(),
        dims: dims.to_vec(),
        data_type: DataType::Float as i32,
        raw_data: values
            .iter()
            .flat_map(|&value| rounded(value).to_le_bytes())
            .collect(),
        ..TensorProto::default()
    }
}

fn node<const N: usize>(
    op: &str,
    inputs: &[&str],
    output: &str,
    attributes: [AttributeProto; N],
) -> NodeProto {
    NodeProto {
        name: output.into(),
        op_type: op.into(),
        input: inputs.iter().map(|&input| input.into()).collect(),
        output: vec![output.into()],
        attribute: attributes.into(),
        ..NodeProto::default()
    }
}

fn attribute(name: &str, kind: AttributeType, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        r#type: kind as i32,
        i: value,
        ..AttributeProto::default()
    }
}

/// A side of a tensor.
#[derive(Clone, Copy)]
enum Dim {
    Exactly(i64),
    /// As many as the text has distinct words.
    Words,
}

fn value(name: &str, kind: DataType, dims: &[Dim], doc: &str) -> ValueInfoProto {
    let dim = dims
        .iter()
        .map(|dim| match dim {
            Dim::Exactly(side) => dimension::Value::DimValue(*side),
            Dim::Words => dimension::Value::DimParam("words".into()),
        })
        .map(|value| Dimension {
            value: Some(value),
            ..Dimension::default()
        })
        .collect();
    let tensor = type_proto::Tensor {
        elem_type: kind as i32,
        shape: Some(TensorShapeProto { dim }),
    };
    let r#type = TypeProto {
        value: Some(type_proto::Value::TensorType(tensor)),
        ..TypeProto::default()
    };
    ValueInfoProto {
        name: name.into(),
        r#type: Some(r#type),
        doc_string: doc.into(),
    }
}
