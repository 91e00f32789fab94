//! Other programs for protobuf.6: right ones, known mistakes, mutants.

use kit::{Error, Peer};
use prost::Message;
use proto::classification::v1::ModelMetadata;
use proto::onnx::tensor_proto::DataType;
use proto::onnx::tensor_shape_proto::Dimension;
use proto::onnx::tensor_shape_proto::dimension::Value::{DimParam, DimValue};
use proto::onnx::type_proto::Tensor;
use proto::onnx::type_proto::Value::TensorType;
use proto::onnx::{ModelProto, ValueInfoProto};

use crate::run::{Input, Side};

type Answer = Result<Vec<Input>, Error>;

kit::variants! {
    crate::run::onnx;
    right_iterators,
    right_borrowed,
    nothing_sent_1,
    nothing_sent_2,
    none_unwrapped_1,
    none_unwrapped_2,
    not_a_tensor_listed_1,
    not_a_tensor_listed_2,
    outputs_read_1,
    outputs_read_2,
    free_side_lost_1,
    free_side_lost_2,
    any_side_lost_1,
    any_side_lost_2,
    version_from_elsewhere_1,
    version_from_elsewhere_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
}

fn send_metadata(name: &str, version: &str, peer: &mut Peer) {
    let metadata = ModelMetadata {
        model_name: name.to_owned(),
        version: version.to_owned(),
        ..Default::default()
    };
    peer.send(metadata.encode_to_vec());
}

fn version(model: &ModelProto) -> String {
    let mut properties = model.metadata_props.iter();
    let version = properties.find(|property| property.key == "version");
    version
        .map(|property| property.value.clone())
        .unwrap_or_default()
}

fn graph_name(model: &ModelProto) -> &str {
    model.graph.as_ref().map_or("", |graph| graph.name.as_str())
}

fn side(side: &Dimension) -> Side {
    match &side.value {
        Some(DimValue(size)) => Side::Exactly(*size),
        Some(DimParam(name)) => Side::Named(name.clone()),
        None => Side::Any,
    }
}

fn sides(tensor: &Tensor) -> impl Iterator<Item = &Dimension> {
    tensor.shape.iter().flat_map(|shape| &shape.dim)
}

fn tensor(value: &ValueInfoProto) -> Option<&Tensor> {
    match value.r#type.as_ref()?.value.as_ref()? {
        TensorType(tensor) => Some(tensor),
    }
}

fn input(value: &ValueInfoProto, tensor: &Tensor, shape: Vec<Side>) -> Result<Input, Error> {
    let element = DataType::try_from(tensor.elem_type)?;
    Ok(Input::new(value.name.clone(), element, shape))
}

/// The inputs among these values.
fn inputs(values: &[ValueInfoProto]) -> Answer {
    let tensors = values
        .iter()
        .filter_map(|value| Some((value, tensor(value)?)));
    tensors
        .map(|(value, tensor)| input(value, tensor, sides(tensor).map(side).collect()))
        .collect()
}

fn right_iterators(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    inputs(&model.graph.unwrap_or_default().input)
}

fn right_borrowed(file: &[u8], peer: &mut Peer) -> Answer {
    let mut model = ModelProto::default();
    model.merge(file)?;
    let graph = model.graph.take().ok_or("a model without a graph")?;
    let mut found = Vec::new();
    for value in &graph.input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let mut shape = Vec::new();
        for dimension in sides(tensor) {
            shape.push(side(dimension));
        }
        found.push(input(value, tensor, shape)?);
    }
    send_metadata(&graph.name, &version(&model), peer);
    Ok(found)
}

fn nothing_sent_1(file: &[u8], _: &mut Peer) -> Answer {
    inputs(&ModelProto::decode(file)?.graph.unwrap_or_default().input)
}

fn nothing_sent_2(file: &[u8], _: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let _metadata = ModelMetadata {
        version: version(&model),
        ..Default::default()
    };
    inputs(&model.graph.ok_or("no graph")?.input)
}

/// Unwraps the type of an input that is not a tensor.
fn none_unwrapped_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let values = model.graph.unwrap().input.into_iter();
    values
        .map(|value| {
            let TensorType(tensor) = value.r#type.clone().unwrap().value.unwrap();
            input(&value, &tensor, sides(&tensor).map(side).collect())
        })
        .collect()
}

/// Unwraps a side without a size.
fn none_unwrapped_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let mut found = Vec::new();
    for value in &model.graph.clone().unwrap_or_default().input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let mut shape = Vec::new();
        for side in sides(tensor) {
            shape.push(match side.value.clone() {
                Some(DimValue(size)) => Side::Exactly(size),
                Some(DimParam(name)) => Side::Named(name),
                None => unreachable!("a side has a size or a name"),
            });
        }
        found.push(input(value, tensor, shape)?);
    }
    send_metadata(graph_name(&model), &version(&model), peer);
    Ok(found)
}

fn not_a_tensor_listed_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let values = model.graph.unwrap_or_default().input.into_iter();
    values
        .map(|value| {
            let tensor = tensor(&value).cloned().unwrap_or_default();
            input(&value, &tensor, sides(&tensor).map(side).collect())
        })
        .collect()
}

fn not_a_tensor_listed_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let mut found = Vec::new();
    for value in model.graph.unwrap_or_default().input {
        let (element, shape) = match tensor(&value) {
            Some(tensor) => (tensor.elem_type, sides(tensor).map(side).collect()),
            None => (0, vec![Side::Any]),
        };
        found.push(Input::new(value.name, DataType::try_from(element)?, shape));
    }
    Ok(found)
}

fn outputs_read_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    inputs(&model.graph.unwrap_or_default().output)
}

fn outputs_read_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let graph = model.graph.unwrap_or_default();
    inputs(&[graph.input, graph.output].concat())
}

fn free_side_lost_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let mut found = Vec::new();
    for value in &model.graph.unwrap_or_default().input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let sizes = sides(tensor).filter_map(|side| match side.value {
            Some(DimValue(size)) => Some(Side::Exactly(size)),
            _ => None,
        });
        found.push(input(value, tensor, sizes.collect())?);
    }
    Ok(found)
}

fn free_side_lost_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let mut found = Vec::new();
    for value in &model.graph.unwrap_or_default().input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let size = |side: &Dimension| match side.value {
            Some(DimValue(size)) => size,
            _ => 0,
        };
        let shape = sides(tensor).map(size).map(Side::Exactly).collect();
        found.push(input(value, tensor, shape)?);
    }
    Ok(found)
}

fn any_side_lost_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let mut found = Vec::new();
    for value in &model.graph.unwrap_or_default().input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let known = sides(tensor).filter(|side| side.value.is_some());
        found.push(input(value, tensor, known.map(side).collect())?);
    }
    Ok(found)
}

fn any_side_lost_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    let mut found = Vec::new();
    for value in &model.graph.unwrap_or_default().input {
        let Some(tensor) = tensor(value) else {
            continue;
        };
        let shape = sides(tensor).map(|side| match side.value.clone() {
            Some(DimParam(name)) => Side::Named(name),
            Some(DimValue(size)) => Side::Exactly(size),
            None => Side::Named(String::new()),
        });
        found.push(input(value, tensor, shape.collect())?);
    }
    Ok(found)
}

fn version_from_elsewhere_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &model.metadata_props[0].value, peer);
    inputs(&model.graph.unwrap_or_default().input)
}

fn version_from_elsewhere_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &model.producer_version, peer);
    inputs(&model.graph.unwrap_or_default().input)
}

fn mutant_default(_: &[u8], _: &mut Peer) -> Answer {
    Ok(Vec::new())
}

fn mutant_error(_: &[u8], _: &mut Peer) -> Answer {
    Err("always the same error".into())
}

/// Right on the published seed, whose model is this.
fn mutant_hard_coded(_: &[u8], peer: &mut Peer) -> Answer {
    send_metadata("document_classifier", "2026.1-r93", peer);
    let words = || Side::Named("words".to_owned());
    let input = |name: &str, element, shape| Input::new(name.to_owned(), element, shape);
    Ok(vec![
        input("mask", DataType::Bool, vec![words(), Side::Any]),
        input("counts", DataType::Float, vec![words(), Side::Exactly(1)]),
        input("tokens", DataType::Int64, vec![words()]),
    ])
}

fn mutant_one_more(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    send_metadata(graph_name(&model), &version(&model), peer);
    inputs(&model.graph.unwrap_or_default().input)
}
