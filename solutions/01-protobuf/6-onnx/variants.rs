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
    right_two_passes,
    right_by_hand,
    received_in_function_1,
    received_in_function_2,
    nothing_sent_1,
    nothing_sent_2,
    none_unwrapped_1,
    none_unwrapped_2,
    error_swallowed_1,
    error_swallowed_2,
    sent_before_error_1,
    sent_before_error_2,
    file_refused_1,
    file_refused_2,
    not_a_tensor_listed_1,
    not_a_tensor_listed_2,
    outputs_read_1,
    outputs_read_2,
    another_order_1,
    another_order_2,
    free_side_lost_1,
    free_side_lost_2,
    any_side_lost_1,
    any_side_lost_2,
    size_changed_1,
    size_changed_2,
    element_type_changed_1,
    element_type_changed_2,
    input_missing_1,
    input_missing_2,
    message_count_1,
    message_count_2,
    version_from_elsewhere_1,
    version_from_elsewhere_2,
    model_name_differs_1,
    model_name_differs_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_version_by_its_end,
    mutant_version_by_its_beginning,
    mutant_options_by_name,
    mutant_first_three,
    mutant_labels_set,
    mutant_no_graph_no_answer,
    mutant_outputs_checked,
    mutant_panics,
    mutant_duplicates_dropped,
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

/// The inputs among these values, each read by `input`.
fn read_with(
    values: &[ValueInfoProto],
    read: impl Fn(&ValueInfoProto, &Tensor) -> Result<Input, Error>,
) -> Answer {
    let tensors = values
        .iter()
        .filter_map(|value| Some((value, tensor(value)?)));
    tensors.map(|(value, tensor)| read(value, tensor)).collect()
}

/// The inputs among these values.
fn inputs(values: &[ValueInfoProto]) -> Answer {
    read_with(values, |value, tensor| {
        input(value, tensor, sides(tensor).map(side).collect())
    })
}

/// Sends what a right program sends, if there are inputs to return.
fn respond(model: &ModelProto, found: Answer, peer: &mut Peer) -> Answer {
    let found = found?;
    send_metadata(graph_name(model), &version(model), peer);
    Ok(found)
}

/// What the graph is fed with. Empty without one.
fn graph_inputs(model: &ModelProto) -> &[ValueInfoProto] {
    model.graph.as_ref().map_or(&[], |graph| &graph.input)
}

/// Right but for how it makes a side.
fn with_sides(file: &[u8], peer: &mut Peer, sides_of: impl Fn(&Tensor) -> Vec<Side>) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = read_with(graph_inputs(&model), |value, tensor| {
        input(value, tensor, sides_of(tensor))
    });
    respond(&model, found, peer)
}

fn right_iterators(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    respond(&model, inputs(graph_inputs(&model)), peer)
}

fn right_borrowed(file: &[u8], peer: &mut Peer) -> Answer {
    let mut model = ModelProto::default();
    model.merge(file)?;
    let mut found = Vec::new();
    let graph = model.graph.take().unwrap_or_default();
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

/// Looks for what is to be refused, then sends, then makes the list.
fn right_two_passes(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    for tensor in graph_inputs(&model).iter().filter_map(tensor) {
        if DataType::try_from(tensor.elem_type).is_err() {
            return Err(format!("no element type has the number {}", tensor.elem_type).into());
        }
    }
    send_metadata(graph_name(&model), &version(&model), peer);
    inputs(graph_inputs(&model))
}

/// The version before the name, and each of them written even if it is empty.
fn right_by_hand(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    let mut out = Vec::new();
    prost::encoding::string::encode(2, &version(&model), &mut out);
    prost::encoding::string::encode(1, &graph_name(&model).to_owned(), &mut out);
    peer.send(out);
    Ok(found)
}

/// Waits for an answer that the peer does not send.
fn received_in_function_1(file: &[u8], peer: &mut Peer) -> Answer {
    let found = right_iterators(file, peer);
    peer.receive();
    found
}

fn received_in_function_2(file: &[u8], peer: &mut Peer) -> Answer {
    let next = peer.receive();
    let found = right_borrowed(file, peer);
    drop(next);
    found
}

fn nothing_sent_1(file: &[u8], _: &mut Peer) -> Answer {
    inputs(graph_inputs(&ModelProto::decode(file)?))
}

fn nothing_sent_2(file: &[u8], _: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let _metadata = ModelMetadata {
        version: version(&model),
        ..Default::default()
    };
    inputs(graph_inputs(&model))
}

/// Unwraps the type of an input that is not a tensor.
fn none_unwrapped_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let values = graph_inputs(&model).iter();
    let found = values.map(|value| {
        let TensorType(tensor) = value.r#type.clone().unwrap().value.unwrap();
        input(value, &tensor, sides(&tensor).map(side).collect())
    });
    let found = found.collect();
    respond(&model, found, peer)
}

/// Unwraps a side without a size.
fn none_unwrapped_2(file: &[u8], peer: &mut Peer) -> Answer {
    let size = |side: &Dimension| match side.value.clone() {
        Some(DimValue(size)) => Side::Exactly(size),
        Some(DimParam(name)) => Side::Named(name),
        None => unreachable!("a side has a size or a name"),
    };
    with_sides(file, peer, |tensor| sides(tensor).map(size).collect())
}

fn error_swallowed_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file).unwrap_or_default();
    respond(&model, inputs(graph_inputs(&model)), peer)
}

fn error_swallowed_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = read_with(graph_inputs(&model), |value, tensor| {
        let element = DataType::try_from(tensor.elem_type).unwrap_or_default();
        let shape = sides(tensor).map(side).collect();
        Ok(Input::new(value.name.clone(), element, shape))
    });
    respond(&model, found, peer)
}

fn sent_before_error_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    send_metadata(graph_name(&model), &version(&model), peer);
    inputs(graph_inputs(&model))
}

fn sent_before_error_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model));
    respond(&model, Ok(Vec::new()), peer)?;
    found
}

fn file_refused_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let graph = model.graph.clone().ok_or("a model without a graph")?;
    respond(&model, inputs(&graph.input), peer)
}

fn file_refused_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    let mut properties = model.metadata_props.iter();
    let version = properties.find(|property| property.key == "version");
    let version = version.ok_or("a model without a version")?;
    send_metadata(graph_name(&model), &version.value, peer);
    Ok(found)
}

fn not_a_tensor_listed_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let values = graph_inputs(&model).iter();
    let found = values.map(|value| {
        let tensor = tensor(value).cloned().unwrap_or_default();
        input(value, &tensor, sides(&tensor).map(side).collect())
    });
    let found = found.collect();
    respond(&model, found, peer)
}

fn not_a_tensor_listed_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let mut found = Vec::new();
    for value in graph_inputs(&model) {
        let (element, shape) = match tensor(value) {
            Some(tensor) => (tensor.elem_type, sides(tensor).map(side).collect()),
            None => (0, vec![Side::Any]),
        };
        let element = DataType::try_from(element)?;
        found.push(Input::new(value.name.clone(), element, shape));
    }
    respond(&model, Ok(found), peer)
}

/// The outputs' element types are not asked for, so they are taken for what they are not.
fn outputs_read_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let outputs = model.graph.clone().unwrap_or_default().output;
    respond(&model, inputs(&known(&outputs)), peer)
}

fn outputs_read_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let outputs = model.graph.clone().unwrap_or_default().output;
    let all = [graph_inputs(&model), &known(&outputs)].concat();
    respond(&model, inputs(&all), peer)
}

/// Those whose element type is known.
fn known(values: &[ValueInfoProto]) -> Vec<ValueInfoProto> {
    let known = |value: &&ValueInfoProto| {
        tensor(value).is_some_and(|tensor| DataType::try_from(tensor.elem_type).is_ok())
    };
    values.iter().filter(known).cloned().collect()
}

fn another_order_1(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn another_order_2(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    found.reverse();
    Ok(found)
}

fn free_side_lost_1(file: &[u8], peer: &mut Peer) -> Answer {
    with_sides(file, peer, |tensor| {
        let sizes = sides(tensor).filter_map(|side| match side.value {
            Some(DimValue(size)) => Some(Side::Exactly(size)),
            _ => None,
        });
        sizes.collect()
    })
}

fn free_side_lost_2(file: &[u8], peer: &mut Peer) -> Answer {
    let size = |side: &Dimension| match side.value {
        Some(DimValue(size)) => size,
        _ => 0,
    };
    with_sides(file, peer, |tensor| {
        sides(tensor).map(size).map(Side::Exactly).collect()
    })
}

fn any_side_lost_1(file: &[u8], peer: &mut Peer) -> Answer {
    with_sides(file, peer, |tensor| {
        let known = sides(tensor).filter(|side| side.value.is_some());
        known.map(side).collect()
    })
}

fn any_side_lost_2(file: &[u8], peer: &mut Peer) -> Answer {
    with_sides(file, peer, |tensor| {
        let shape = sides(tensor).map(|side| match side.value.clone() {
            Some(DimParam(name)) => Side::Named(name),
            Some(DimValue(size)) => Side::Exactly(size),
            None => Side::Named(String::new()),
        });
        shape.collect()
    })
}

fn size_changed_1(file: &[u8], peer: &mut Peer) -> Answer {
    with_sides(file, peer, |tensor| {
        let shape = sides(tensor).map(|dimension| match dimension.value {
            Some(DimValue(0)) => Side::Any,
            _ => side(dimension),
        });
        shape.collect()
    })
}

/// Takes a size below 0 for any size, as older exporters meant it.
fn size_changed_2(file: &[u8], peer: &mut Peer) -> Answer {
    with_sides(file, peer, |tensor| {
        let shape = sides(tensor).map(|dimension| match dimension.value {
            Some(DimValue(..0)) => Side::Any,
            _ => side(dimension),
        });
        shape.collect()
    })
}

/// Counts from 1.
fn element_type_changed_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = read_with(graph_inputs(&model), |value, tensor| {
        DataType::try_from(tensor.elem_type)?;
        let element = DataType::try_from(tensor.elem_type - 1).unwrap_or_default();
        let shape = sides(tensor).map(side).collect();
        Ok(Input::new(value.name.clone(), element, shape))
    });
    respond(&model, found, peer)
}

/// Knows what the course's own model has, and FLOAT for the rest.
fn element_type_changed_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = read_with(graph_inputs(&model), |value, tensor| {
        let element = match DataType::try_from(tensor.elem_type)? {
            known @ (DataType::Int64 | DataType::Bool) => known,
            _ => DataType::Float,
        };
        let shape = sides(tensor).map(side).collect();
        Ok(Input::new(value.name.clone(), element, shape))
    });
    respond(&model, found, peer)
}

fn input_missing_1(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    found.retain(|input| !input.shape.is_empty());
    Ok(found)
}

fn input_missing_2(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    found.dedup_by_key(|input| input.element);
    found.truncate(4);
    Ok(found)
}

/// The name and the version one by one.
fn message_count_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    send_metadata(graph_name(&model), "", peer);
    send_metadata("", &version(&model), peer);
    Ok(found)
}

/// Nothing to say, and nothing sent.
fn message_count_2(file: &[u8], peer: &mut Peer) -> Answer {
    match file {
        [] => Ok(Vec::new()),
        _ => right_iterators(file, peer),
    }
}

/// Right but for the version.
fn with_version(file: &[u8], peer: &mut Peer, version: impl Fn(&ModelProto) -> String) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    send_metadata(graph_name(&model), &version(&model), peer);
    Ok(found)
}

/// The value of the first entry whose key is like this.
fn entry(model: &ModelProto, is_like: impl Fn(&str) -> bool) -> String {
    let mut properties = model.metadata_props.iter();
    let found = properties.find(|property| is_like(&property.key));
    found
        .map(|property| property.value.clone())
        .unwrap_or_default()
}

fn version_from_elsewhere_1(file: &[u8], peer: &mut Peer) -> Answer {
    with_version(file, peer, |model| entry(model, |_| true))
}

fn version_from_elsewhere_2(file: &[u8], peer: &mut Peer) -> Answer {
    with_version(file, peer, |model| model.producer_version.clone())
}

fn model_name_differs_1(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    send_metadata(&model.producer_name, &version(&model), peer);
    Ok(found)
}

fn model_name_differs_2(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    send_metadata("", &version(&model), peer);
    Ok(found)
}

fn mutant_default(_: &[u8], _: &mut Peer) -> Answer {
    Ok(Vec::new())
}

fn mutant_error(_: &[u8], _: &mut Peer) -> Answer {
    Err("always the same error".into())
}

/// Right for the first file of the published seed.
fn mutant_hard_coded(_: &[u8], peer: &mut Peer) -> Answer {
    send_metadata("document_classifier", "2026.1-r82", peer);
    let length = || Side::Named("length".to_owned());
    let input = |name: &str, element, shape| Input::new(name.to_owned(), element, shape);
    Ok(vec![
        input("mask", DataType::Bool, vec![length(), Side::Any]),
        input("counts", DataType::Float, vec![length(), Side::Exactly(1)]),
        input("tokens", DataType::Int64, vec![length()]),
    ])
}

fn mutant_one_more(file: &[u8], peer: &mut Peer) -> Answer {
    right_iterators(file, peer)?;
    right_iterators(file, peer)
}

fn mutant_version_by_its_end(file: &[u8], peer: &mut Peer) -> Answer {
    with_version(file, peer, |model| {
        entry(model, |key| key.ends_with("version"))
    })
}

fn mutant_version_by_its_beginning(file: &[u8], peer: &mut Peer) -> Answer {
    with_version(file, peer, |model| {
        entry(model, |key| key.starts_with("version"))
    })
}

/// Knows the one input of the first file that is not a tensor.
fn mutant_options_by_name(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let mut found = Vec::new();
    for value in graph_inputs(&model)
        .iter()
        .filter(|value| value.name != "options")
    {
        let tensor = tensor(value).expect("a tensor");
        found.push(input(value, tensor, sides(tensor).map(side).collect())?);
    }
    respond(&model, Ok(found), peer)
}

fn mutant_first_three(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    found.truncate(3);
    Ok(found)
}

fn mutant_labels_set(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    let found = inputs(graph_inputs(&model))?;
    let labels = entry(&model, |key| key == "labels");
    let metadata = ModelMetadata {
        model_name: graph_name(&model).to_owned(),
        version: version(&model),
        labels: labels
            .split(',')
            .map(|label| (label.to_owned(), label.to_owned()))
            .collect(),
        ..Default::default()
    };
    peer.send(metadata.encode_to_vec());
    Ok(found)
}

fn mutant_no_graph_no_answer(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    if model.graph.is_none() {
        return Ok(Vec::new());
    }
    respond(&model, inputs(graph_inputs(&model)), peer)
}

/// Refuses a file for the element type of an output.
fn mutant_outputs_checked(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file)?;
    inputs(&model.graph.clone().unwrap_or_default().output)?;
    respond(&model, inputs(graph_inputs(&model)), peer)
}

fn mutant_panics(file: &[u8], peer: &mut Peer) -> Answer {
    let model = ModelProto::decode(file).expect("a model");
    respond(&model, inputs(graph_inputs(&model)), peer)
}

/// One input of each name.
fn mutant_duplicates_dropped(file: &[u8], peer: &mut Peer) -> Answer {
    let mut found = right_iterators(file, peer)?;
    let mut names = std::collections::HashSet::new();
    found.retain(|input| names.insert(input.name.clone()));
    Ok(found)
}
