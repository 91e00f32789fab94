//! A contract for the tests of the text forms: a service with one method, a message with a field of each kind.

use std::collections::HashMap;

use prost::Message as _;
use prost_reflect::prost_types::field_descriptor_proto::{Label, Type};
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto,
    FileDescriptorProto, FileDescriptorSet, MessageOptions, MethodDescriptorProto,
    OneofDescriptorProto, ServiceDescriptorProto,
};

/// The descriptors of the package `t`, by the types that prost has for them.
pub(crate) fn file_descriptor_set() -> Vec<u8> {
    let thing = DescriptorProto {
        name: Some("Thing".into()),
        field: vec![
            field(1, "name", Type::String, Label::Optional, None),
            field(2, "parts", Type::Message, Label::Repeated, Some(".t.Part")),
            field(
                3,
                "weights",
                Type::Message,
                Label::Repeated,
                Some(".t.Thing.WeightsEntry"),
            ),
            field(4, "kind", Type::Enum, Label::Optional, Some(".t.ThingKind")),
            field(5, "blob", Type::Bytes, Label::Optional, None),
            field(6, "delta", Type::Sint32, Label::Optional, None),
            field(7, "took_ms", Type::Int64, Label::Optional, None),
        ],
        nested_type: vec![DescriptorProto {
            name: Some("WeightsEntry".into()),
            field: vec![
                field(1, "key", Type::String, Label::Optional, None),
                field(2, "value", Type::Float, Label::Optional, None),
            ],
            options: Some(MessageOptions {
                map_entry: Some(true),
                ..Default::default()
            }),
            ..Default::default()
        }],
        ..Default::default()
    };
    let part = DescriptorProto {
        name: Some("Part".into()),
        field: vec![field(1, "tags", Type::String, Label::Repeated, None)],
        ..Default::default()
    };
    let value = |(name, number): (&str, i32)| EnumValueDescriptorProto {
        name: Some(name.into()),
        number: Some(number),
        ..Default::default()
    };
    let file = FileDescriptorProto {
        name: Some("t.proto".into()),
        package: Some("t".into()),
        syntax: Some("proto3".into()),
        message_type: vec![thing, part, every()],
        enum_type: vec![EnumDescriptorProto {
            name: Some("ThingKind".into()),
            value: [("THING_KIND_UNSPECIFIED", 0), ("THING_KIND_LARGE", 1)]
                .map(value)
                .to_vec(),
            ..Default::default()
        }],
        service: vec![ServiceDescriptorProto {
            name: Some("S".into()),
            method: vec![MethodDescriptorProto {
                name: Some("Do".into()),
                input_type: Some(".t.Thing".into()),
                output_type: Some(".t.Part".into()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec()
}

fn field(
    number: i32,
    name: &str,
    kind: Type,
    label: Label,
    of: Option<&str>,
) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.into()),
        number: Some(number),
        label: Some(label.into()),
        r#type: Some(kind.into()),
        type_name: of.map(str::to_owned),
        ..Default::default()
    }
}

/// `t.Every`: a field of each type, alone and repeated, one that may be absent, two that exclude each other, and itself.
fn every() -> DescriptorProto {
    let types = (1..=18).filter_map(|number| Type::try_from(number).ok());
    let mut fields = Vec::new();
    for kind in types.filter(|kind| *kind != Type::Group) {
        let of = match kind {
            Type::Message => Some(".t.Part"),
            Type::Enum => Some(".t.ThingKind"),
            _ => None,
        };
        let number = kind as i32;
        let name = format!("one_{number}");
        fields.push(field(number, &name, kind, Label::Optional, of));
        let name = format!("many_{number}");
        fields.push(field(20 + number, &name, kind, Label::Repeated, of));
    }
    let member = |number, name: &str, kind, of, oneof_index| FieldDescriptorProto {
        oneof_index: Some(oneof_index),
        proto3_optional: (oneof_index == 1).then_some(true),
        ..field(number, name, kind, Label::Optional, of)
    };
    fields.extend([
        member(40, "either", Type::Message, Some(".t.Part"), 0),
        member(41, "or", Type::Int32, None, 0),
        member(42, "perhaps", Type::Int32, None, 1),
        field(
            43,
            "itself",
            Type::Message,
            Label::Optional,
            Some(".t.Every"),
        ),
        field(44, "all", Type::Message, Label::Repeated, Some(".t.Thing")),
    ]);
    let oneof = |name: &str| OneofDescriptorProto {
        name: Some(name.into()),
        ..Default::default()
    };
    DescriptorProto {
        name: Some("Every".into()),
        field: fields,
        oneof_decl: vec![oneof("choice"), oneof("_perhaps")],
        ..Default::default()
    }
}

/// `t.Thing` for writing.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Thing {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) parts: Vec<Part>,
    #[prost(map = "string, float", tag = "3")]
    pub(crate) weights: HashMap<String, f32>,
    #[prost(int32, tag = "4")]
    pub(crate) kind: i32,
    #[prost(bytes = "vec", tag = "5")]
    pub(crate) blob: Vec<u8>,
    #[prost(sint32, tag = "6")]
    pub(crate) delta: i32,
    #[prost(int64, tag = "7")]
    pub(crate) took_ms: i64,
    /// Not in the contract: what a newer peer might send.
    #[prost(int32, tag = "99")]
    pub(crate) newer: i32,
}

/// `t.Part` for writing.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Part {
    #[prost(string, repeated, tag = "1")]
    pub(crate) tags: Vec<String>,
}
