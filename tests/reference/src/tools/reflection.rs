//! Server reflection: the contracts, for tools such as grpcurl that come without them.
//!
//! Version 1 and its forerunner v1alpha are both served, because many tools still know only the latter.

use prost::Message;
use prost_types::FileDescriptorSet;
use proto::FILE_DESCRIPTOR_SET;
use tonic_reflection::server::{Builder, Error, v1, v1alpha};

/// The packages of the contracts that are served here. The others are between a lesson and the stage that checks it.
const SERVED_PACKAGES: [&str; 2] = ["classification.v1", "model.v1"];

/// The service of version 1.
pub(crate) fn v1() -> Result<v1::ServerReflectionServer<impl v1::ServerReflection>, Error> {
    builder()?.build_v1()
}

/// The service of v1alpha.
pub(crate) fn v1alpha()
-> Result<v1alpha::ServerReflectionServer<impl v1alpha::ServerReflection>, Error> {
    builder()?.build_v1alpha()
}

fn builder() -> Result<Builder<'static>, Error> {
    let mut contracts = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET)?;
    contracts
        .file
        .retain(|file| SERVED_PACKAGES.contains(&file.package()));
    Ok(Builder::configure()
        .register_file_descriptor_set(contracts)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // Each version would list only itself beside the rest; both are served, so both are listed.
        .register_encoded_file_descriptor_set(tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET))
}
