//! The types of google/rpc/status.proto and google/rpc/error_details.proto.
//!
//! They are few and do not change, so their descriptors are built here and not compiled from files.

use prost::Message as _;

use crate::descriptor::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet, MessageOptions,
};

/// `FieldDescriptorProto.Type`.
const INT64: i32 = 3;
const INT32: i32 = 5;
const STRING: i32 = 9;
const BYTES: i32 = 12;

/// A field: its number, its name, what it holds, and whether it is repeated.
type Field = (i32, &'static str, Of, bool);

/// What a field holds.
#[derive(Clone, Copy)]
enum Of {
    Scalar(i32),
    Message(&'static str),
}

/// A string.
const fn text(number: i32, name: &'static str) -> Field {
    (number, name, Of::Scalar(STRING), false)
}

/// Repeated messages of a type.
const fn many(number: i32, name: &'static str, of: &'static str) -> Field {
    (number, name, Of::Message(of), true)
}

/// The types that details are made of: what each is declared in, its name, and its fields.
const TYPES: &[(&str, &str, &[Field])] = &[
    (
        "google.protobuf",
        "Any",
        &[text(1, "type_url"), (2, "value", Of::Scalar(BYTES), false)],
    ),
    (
        "google.protobuf",
        "Duration",
        &[
            (1, "seconds", Of::Scalar(INT64), false),
            (2, "nanos", Of::Scalar(INT32), false),
        ],
    ),
    (
        "google.rpc",
        "Status",
        &[
            (1, "code", Of::Scalar(INT32), false),
            text(2, "message"),
            many(3, "details", ".google.protobuf.Any"),
        ],
    ),
    (
        "google.rpc",
        "ErrorInfo",
        &[
            text(1, "reason"),
            text(2, "domain"),
            many(3, "metadata", ".google.rpc.ErrorInfo.MetadataEntry"),
        ],
    ),
    (
        "google.rpc.ErrorInfo",
        "MetadataEntry",
        &[text(1, "key"), text(2, "value")],
    ),
    (
        "google.rpc",
        "RetryInfo",
        &[(
            1,
            "retry_delay",
            Of::Message(".google.protobuf.Duration"),
            false,
        )],
    ),
    (
        "google.rpc",
        "DebugInfo",
        &[
            (1, "stack_entries", Of::Scalar(STRING), true),
            text(2, "detail"),
        ],
    ),
    (
        "google.rpc",
        "QuotaFailure",
        &[many(1, "violations", ".google.rpc.QuotaFailure.Violation")],
    ),
    (
        "google.rpc.QuotaFailure",
        "Violation",
        &[text(1, "subject"), text(2, "description")],
    ),
    (
        "google.rpc",
        "PreconditionFailure",
        &[many(
            1,
            "violations",
            ".google.rpc.PreconditionFailure.Violation",
        )],
    ),
    (
        "google.rpc.PreconditionFailure",
        "Violation",
        &[text(1, "type"), text(2, "subject"), text(3, "description")],
    ),
    (
        "google.rpc",
        "BadRequest",
        &[many(
            1,
            "field_violations",
            ".google.rpc.BadRequest.FieldViolation",
        )],
    ),
    (
        "google.rpc.BadRequest",
        "FieldViolation",
        &[
            text(1, "field"),
            text(2, "description"),
            text(3, "reason"),
            (
                4,
                "localized_message",
                Of::Message(".google.rpc.LocalizedMessage"),
                false,
            ),
        ],
    ),
    (
        "google.rpc",
        "RequestInfo",
        &[text(1, "request_id"), text(2, "serving_data")],
    ),
    (
        "google.rpc",
        "ResourceInfo",
        &[
            text(1, "resource_type"),
            text(2, "resource_name"),
            text(3, "owner"),
            text(4, "description"),
        ],
    ),
    (
        "google.rpc",
        "Help",
        &[many(1, "links", ".google.rpc.Help.Link")],
    ),
    (
        "google.rpc.Help",
        "Link",
        &[text(1, "description"), text(2, "url")],
    ),
    (
        "google.rpc",
        "LocalizedMessage",
        &[text(1, "locale"), text(2, "message")],
    ),
];

/// The descriptors of these types, as a serialised `google.protobuf.FileDescriptorSet`.
pub(crate) fn descriptors() -> Vec<u8> {
    // What is declared in a message has the message's name for its package: the full names are the same.
    let file = TYPES
        .iter()
        .map(|(package, name, fields)| FileDescriptorProto {
            package: (*package).to_owned(),
            message_type: vec![DescriptorProto {
                name: (*name).to_owned(),
                field: fields.iter().map(descriptor).collect(),
                options: Some(MessageOptions {
                    map_entry: name.ends_with("Entry"),
                }),
                ..Default::default()
            }],
            syntax: "proto3".to_owned(),
            ..Default::default()
        });
    FileDescriptorSet {
        file: file.collect(),
    }
    .encode_to_vec()
}

/// `FieldDescriptorProto.Type` of a message.
const MESSAGE: i32 = 11;

fn descriptor((number, name, of, repeated): &Field) -> FieldDescriptorProto {
    let (r#type, type_name) = match of {
        Of::Scalar(scalar) => (*scalar, ""),
        Of::Message(name) => (MESSAGE, *name),
    };
    FieldDescriptorProto {
        name: (*name).to_owned(),
        number: *number,
        // `FieldDescriptorProto.Label`: optional or repeated.
        label: if *repeated { 3 } else { 1 },
        r#type,
        type_name: type_name.to_owned(),
        oneof_index: None,
    }
}
