//! The values in a message, by the rules of the language.

use std::collections::BTreeMap;

use prost::encoding::WireType;

use crate::schema::{FieldType, Kind, MessageType, Scalar};
use crate::wire::{Malformed, Value, fields, packed};

/// What a message holds.
#[derive(Debug, Default)]
pub(crate) struct Decoded<'a> {
    values: BTreeMap<u32, Vec<Value<'a>>>,
    /// The fields that the type does not have, by their numbers, and those of one number in the order of the bytes.
    pub(crate) unknown: Vec<(u32, Value<'a>)>,
}

impl<'a> Decoded<'a> {
    /// The values of a field, in the order of the bytes. Of a field that is not repeated there is at most one, unless it is
    /// a message: one that comes in parts is the concatenation of them.
    pub(crate) fn values(&self, field: FieldType<'_>) -> &[Value<'a>] {
        self.values.get(&field.number()).map_or(&[], Vec::as_slice)
    }
}

/// Reads a message of this type, and not what is nested in it.
pub(crate) fn decode<'a>(
    message_type: MessageType<'_>,
    bytes: &'a [u8],
) -> Result<Decoded<'a>, Malformed> {
    let mut decoded = Decoded::default();
    for read in fields(bytes) {
        let read = read?;
        let Some(field) = message_type.field(read.number) else {
            decoded.unknown.push((read.number, read.value));
            continue;
        };
        let wire_type = field.kind().wire_type();
        let new = match read.value {
            // A field that may be packed may as well not be, whatever its declaration says.
            Value::Len(content) if field.repeated() && wire_type != WireType::LengthDelimited => {
                packed(content, wire_type)?
            }
            Value::Len(text) if field.kind().is_string() && std::str::from_utf8(text).is_err() => {
                return Err(Malformed("a string that is not UTF-8"));
            }
            value if value.wire_type() == wire_type => vec![value],
            _ => return Err(Malformed("a value of another wire type than its field has")),
        };
        let merged = field.repeated() || field.is_message();
        // Of the members of a oneof, the last one counts.
        decoded.values.retain(|number, _| {
            !message_type
                .field(*number)
                .is_some_and(|known| known.excludes(field))
        });
        let values = decoded.values.entry(read.number).or_default();
        if !merged {
            values.clear();
        }
        values.extend(new.into_iter().map(|value| narrow(field.kind(), value)));
    }
    decoded.unknown.sort_by_key(|(number, _)| *number);
    Ok(decoded)
}

/// The number that is left of a varint in a field of a narrow type: the low bits, and of a bool whether it is 0.
fn narrow<'a>(kind: Kind<'_>, value: Value<'a>) -> Value<'a> {
    match (kind, value) {
        (Kind::Scalar(Scalar::Bool), Value::Varint(bits)) => Value::Varint(u64::from(bits != 0)),
        (Kind::Enum(_) | Kind::Scalar(Scalar::Int32), Value::Varint(bits)) => {
            Value::Varint(i64::from(bits as i32) as u64)
        }
        (Kind::Scalar(Scalar::Uint32 | Scalar::Sint32), Value::Varint(bits)) => {
            Value::Varint(u64::from(bits as u32))
        }
        _ => value,
    }
}
