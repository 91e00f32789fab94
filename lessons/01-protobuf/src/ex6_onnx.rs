//! protobuf.6: an ONNX file is a protobuf message.
//!
//! The first file is the model that classifies documents in this course, as some other exporter
//! might have written it; the others are small. proto/onnx/onnx.proto declares only the few fields
//! that are needed here. The network and its weights are unknown fields, which prost skips.
//! (`Input` and `Side` are given: see the last import.)
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.6`.

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
    kit::gap!(
        "Decode the file as a `ModelProto`. For each tensor among the graph's inputs, in \
         their order, return its name, its element type and its sides as they stand in \
         the file. Send the peer, in one `send`, a `ModelMetadata` with the graph's name \
         as `model_name`, and the value of the `metadata_props` entry `\"version\"` as \
         `version`. A graph, an entry or a shape that is not there counts as an empty \
         one. If the file does not decode, or `DataType` does not have the element type \
         of one of these tensors, return an error and send nothing.";
        use DataType, Input, Message, ModelMetadata, ModelProto, Side, DimParam, DimValue, TensorType;
        file, peer
    )
}
