//! The first file is the model that classifies documents in this course, as some other exporter
//! might have written it; the others are small. proto/onnx/onnx.proto declares only the few fields
//! that are needed here. The network and its weights are unknown fields, which prost skips.
//! (`Input` and `Side` are given: see the last import.)

use kit::{Error, Peer};
use prost::Message;
use proto::classification::v1::ModelMetadata;
use proto::onnx::ModelProto;
use proto::onnx::tensor_proto::DataType;
use proto::onnx::tensor_shape_proto::dimension::Value::{DimParam, DimValue};
use proto::onnx::type_proto::Value::TensorType;

use crate::run::{Input, Side};

/// Reads a model's inputs, and tells the peer the model's name and version.
pub fn inputs(file: &[u8], peer: &mut Peer) -> Result<Vec<Input>, Error> {
    // gap
    // uses: DataType, Input, Message, ModelMetadata, ModelProto, Side, DimParam, DimValue, TensorType; file, peer
    let model = ModelProto::decode(file)?;
    let graph = model.graph.unwrap_or_default();
    let mut inputs = Vec::new();
    for input in graph.input {
        // hint: let Some(TensorType(tensor)) = input.r#type.and_then(...) else {
        let Some(TensorType(tensor)) = input.r#type.and_then(|kind| kind.value) else {
            continue;
        };
        let sides = tensor.shape.unwrap_or_default().dim.into_iter();
        let shape = sides.map(|side| match side.value {
            // hint: Some(DimValue(size)) => ...,
            Some(DimValue(size)) => Side::Exactly(size),
            // hint: Some(DimParam(name)) => ...,
            Some(DimParam(name)) => Side::Named(name),
            // hint: None => ...,
            None => Side::Any,
        });
        let element = DataType::try_from(tensor.elem_type)?;
        inputs.push(Input::new(input.name, element, shape.collect()));
    }
    let mut properties = model.metadata_props.into_iter();
    // hint: let version = properties.find(...);
    let version = properties.find(|property| property.key == "version");
    let metadata = ModelMetadata {
        // hint: model_name: ...,
        model_name: graph.name,
        version: version.unwrap_or_default().value,
        ..Default::default()
    };
    peer.send(metadata.encode_to_vec());
    Ok(inputs)
    // end of gap
}
