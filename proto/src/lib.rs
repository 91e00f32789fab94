//! The contracts of the course as Rust types, clients and servers.
//!
//! The modules are generated from the `.proto` files beside `src` and committed, so that a learner's build needs
//! neither protoc nor the generator. `cargo xtask proto` writes them again; `cargo xtask proto --check` says whether
//! they are in step.

#![expect(
    missing_docs,
    reason = "generated items carry the comments of the .proto files, where there are any"
)]
#![expect(
    unused_qualifications,
    reason = "generated code names everything by its full path"
)]

/// What clients ask of a document classifier.
pub mod classification {
    /// Version 1.
    pub mod v1 {
        include!("generated/classification.v1.rs");
    }
}

/// What an edge asks of the model's host.
pub mod model {
    /// Version 1.
    pub mod v1 {
        include!("generated/model.v1.rs");
    }
}

/// One number, written in two ways: for exercise protobuf.4.
pub mod reading {
    /// Version 1.
    pub mod v1 {
        include!("generated/reading.v1.rs");
    }
}

/// One contract in several versions: for exercise protobuf.5.
pub mod evolution {
    /// The old one.
    pub mod v1 {
        include!("generated/evolution.v1.rs");
    }
    /// The next one, made as it should be.
    pub mod v2 {
        include!("generated/evolution.v2.rs");
    }
    /// The next one, made as it must not be.
    pub mod reused {
        include!("generated/evolution.reused.rs");
    }
}

/// The part of the ONNX file format that describes a model's inputs: for exercise protobuf.6.
pub mod onnx {
    include!("generated/onnx.rs");
}

/// How a lesson program and the stage talk.
pub mod control {
    /// Version 1.
    pub mod v1 {
        include!("generated/control.v1.rs");
    }
}

/// The descriptors of all contracts, a serialised `google.protobuf.FileDescriptorSet` with comments left out: what
/// reflection serves and transcripts are decoded with.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptors.bin");

/// The descriptors of `grpc.health.v1`, which is not ours, as tonic-health has them: what transcripts of health checks
/// are decoded with, without linking tonic-health.
pub const HEALTH_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/health.bin");
