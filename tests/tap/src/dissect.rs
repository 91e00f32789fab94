//! A message taken apart: every tag, length and value with its bytes.

use bytes::Buf;
use prost::encoding::{WireType, decode_varint};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::render::{enum_value, string};

/// One field as it stands in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How deep the message that holds it is nested, from 0.
    pub depth: usize,
    /// The bytes of the tag, and of the length or the number after it, in hexadecimal. The content of a
    /// length-delimited field is not among them.
    pub hex: String,
    /// What they say.
    pub meaning: String,
}

/// Takes `bytes` apart as a message of this type. Where they stop making sense, the last piece says why.
pub fn dissect(descriptor: &MessageDescriptor, bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    message(descriptor, bytes, 0, &mut pieces);
    pieces
}

fn message(descriptor: &MessageDescriptor, mut bytes: &[u8], depth: usize, out: &mut Vec<Piece>) {
    while !bytes.is_empty() {
        let before = bytes;
        let rest = match field(descriptor, bytes, depth, out) {
            Ok(rest) => rest,
            Err(reason) => {
                let hex = hex(&before[..before.len().min(8)]);
                out.push(Piece {
                    depth,
                    hex,
                    meaning: reason.to_owned(),
                });
                return;
            }
        };
        bytes = rest;
    }
}

/// Reads one field and returns what is left.
fn field<'a>(
    descriptor: &MessageDescriptor,
    bytes: &'a [u8],
    depth: usize,
    out: &mut Vec<Piece>,
) -> Result<&'a [u8], &'static str> {
    let mut rest = bytes;
    let key = decode_varint(&mut rest).map_err(|_| "not a tag: the varint does not end")?;
    let number = u32::try_from(key >> 3).map_err(|_| "not a tag: the field number is too large")?;
    let wire_type = WireType::try_from(key & 7).map_err(|_| "not a tag: no such wire type")?;
    let known = descriptor.get_field(number);
    let name = known
        .as_ref()
        .map_or("unknown", FieldDescriptor::name)
        .to_owned();
    let mut push = |rest: &[u8], meaning: String| {
        let hex = hex(&bytes[..bytes.len() - rest.len()]);
        out.push(Piece {
            depth,
            hex,
            meaning,
        });
    };
    match wire_type {
        WireType::Varint => {
            let value = decode_varint(&mut rest).map_err(|_| "the varint does not end")?;
            let shown = known.map_or_else(|| value.to_string(), |field| varint(&field, value));
            push(rest, format!("field {number} {name}, VARINT: {shown}"));
        }
        WireType::SixtyFourBit | WireType::ThirtyTwoBit => {
            let (width, kind) = match wire_type {
                WireType::SixtyFourBit => (8, "I64"),
                _ => (4, "I32"),
            };
            let value = rest
                .get(..width)
                .ok_or("the message ends inside a fixed-width number")?;
            let shown = match (known.map(|field| field.kind()), value) {
                (Some(Kind::Float), &[a, b, c, d]) => {
                    format!(": {}", f32::from_le_bytes([a, b, c, d]))
                }
                _ => String::new(),
            };
            rest.advance(width);
            push(rest, format!("field {number} {name}, {kind}{shown}"));
        }
        WireType::LengthDelimited => {
            let length = decode_varint(&mut rest).map_err(|_| "the length does not end")?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let head = rest;
            let content = rest
                .get(..length)
                .ok_or("the length goes past the end of the message")?;
            rest.advance(length);
            let unit = if length == 1 { "byte" } else { "bytes" };
            let title = format!("field {number} {name}, LEN: {length} {unit}");
            match known.map(|field| field.kind()) {
                Some(Kind::String) => match std::str::from_utf8(content) {
                    Ok(text) => push(head, format!("{title} {}", string(text))),
                    Err(_) => push(head, format!("{title} that are not UTF-8")),
                },
                Some(Kind::Message(inner)) => {
                    push(head, format!("{title}, a {}", inner.name()));
                    message(&inner, content, depth + 1, out);
                }
                _ => push(head, title),
            }
        }
        WireType::StartGroup | WireType::EndGroup => return Err("a group, which proto3 has not"),
    }
    Ok(rest)
}

/// What a varint means to the field that holds it.
fn varint(field: &FieldDescriptor, value: u64) -> String {
    match field.kind() {
        Kind::Bool => (value != 0).to_string(),
        Kind::Enum(descriptor) => format!("{value} {}", enum_value(&descriptor, value as i32)),
        Kind::Int32 | Kind::Int64 => (value as i64).to_string(),
        Kind::Sint32 | Kind::Sint64 => ((value >> 1) as i64 ^ -((value & 1) as i64)).to_string(),
        _ => value.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
