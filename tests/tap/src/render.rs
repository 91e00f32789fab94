//! Messages as text, by their descriptors.
//!
//! One form for people and for comparison: defaults are left out as the wire leaves them out, floats have two
//! decimals, enum values lose the prefix that repeats their type's name, and a string too long to read keeps its
//! beginning, its length and a hash of the whole, so that a difference past the cut still shows.

use std::collections::BTreeMap;

use crate::decode::decode;
use crate::schema::{EnumType, FieldType, Kind, MessageType, Scalar, Schema, SchemaError};
use crate::transcript::{Payload, RawBytes};
use crate::wire::{Malformed, Value};

/// A message whose one-line form has more characters than this is printed with a line for each field.
const ONE_LINE_CHARS: usize = 88;

/// How deep messages may be nested: what prost allows.
const MAX_NESTING: usize = 100;

/// A string of up to this many characters is printed in full.
const SHOWN_CHARS: usize = 72;

/// How many characters are printed of a longer one. Its length and its hash take the rest of the room.
const SHOWN_CHARS_OF_LONGER: usize = SHOWN_CHARS - 12;

/// Turns message bytes into text.
#[derive(Clone, Debug)]
pub struct Renderer {
    schema: Schema,
    redacted: BTreeMap<&'static str, &'static str>,
    redacted_metadata: BTreeMap<&'static str, &'static str>,
}

/// A message as it is shown: its first line, and one for each field where the first does not have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What the first line says.
    pub payload: Payload,
    /// The lines below it, one level deeper: `name: value`.
    pub details: Vec<String>,
}

impl From<Payload> for Rendered {
    fn from(payload: Payload) -> Self {
        Self {
            payload,
            details: Vec::new(),
        }
    }
}

impl Renderer {
    /// Reads messages by the descriptors in a serialised `google.protobuf.FileDescriptorSet`.
    ///
    /// # Errors
    ///
    /// When the bytes are not a descriptor set, or are one that refers to what it does not hold.
    pub fn new(file_descriptor_set: &[u8]) -> Result<Self, SchemaError> {
        Ok(Self {
            schema: Schema::new(file_descriptor_set)?,
            redacted: BTreeMap::new(),
            redacted_metadata: BTreeMap::new(),
        })
    }

    /// Prints `placeholder` for a field whose value differs from run to run. `field` is its full name,
    /// `package.Message.field`. The field is printed whether it is set or not, since its default is a value as well.
    #[must_use]
    pub fn redact(mut self, field: &'static str, placeholder: &'static str) -> Self {
        self.redacted.insert(field, placeholder);
        self
    }

    /// Prints `placeholder` for the value of a metadata key where it is shown and not compared: a value that decides
    /// something does not vary.
    #[must_use]
    pub fn redact_metadata(mut self, key: &'static str, placeholder: &'static str) -> Self {
        self.redacted_metadata.insert(key, placeholder);
        self
    }

    /// The value of a metadata key that is only shown, as it is printed.
    pub(crate) fn shown_metadata<'a>(&self, key: &str, value: &'a str) -> &'a str {
        self.redacted_metadata.get(key).copied().unwrap_or(value)
    }

    /// The message type of a full name, `package.Message`.
    pub fn message_type(&self, name: &str) -> Option<MessageType<'_>> {
        self.schema.message(name)
    }

    /// The request and the response type of a method given as `/package.Service/Method`.
    pub fn method_types(&self, path: &str) -> Option<(MessageType<'_>, MessageType<'_>)> {
        self.schema.method(path)
    }

    /// A message with its fields: on one line where it is short, else below its name, one line for each field.
    pub fn message(&self, message_type: MessageType<'_>, bytes: &[u8]) -> Rendered {
        let name = message_type.name().to_owned();
        let Ok(fields) = self.fields(message_type, bytes, 0) else {
            let length = bytes.len();
            return Rendered::from(Payload::Bytes(RawBytes::NotA { name, length }));
        };
        let one_line = Payload::Message {
            name: name.clone(),
            fields: Some(fields.join(", ")),
        };
        if one_line.to_string().chars().count() <= ONE_LINE_CHARS {
            return Rendered::from(one_line);
        }
        Rendered {
            payload: Payload::Message { name, fields: None },
            details: fields,
        }
    }

    /// `name: value` for each field, repeated messages and maps once for each entry.
    fn fields(
        &self,
        message_type: MessageType<'_>,
        bytes: &[u8],
        depth: usize,
    ) -> Result<Vec<String>, Malformed> {
        if depth > MAX_NESTING {
            return Err(Malformed("messages in messages without end"));
        }
        let message = decode(message_type, bytes)?;
        let mut lines = Vec::new();
        for field in message_type.fields() {
            let name = field.name();
            let values = message.values(field);
            if let Some(placeholder) = self.redacted.get(field.full_name()) {
                lines.push(format!("{name}: {placeholder}"));
            } else if let Some((entry_type, key, value)) = field.map() {
                // A map has no order on the wire, and the last of two entries with one key counts.
                let mut entries = BTreeMap::new();
                for entry in values {
                    let Value::Len(entry) = entry else { continue };
                    let entry = decode(entry_type, entry)?;
                    entries.insert(
                        self.single(key, entry.values(key), depth)?,
                        self.single(value, entry.values(value), depth)?,
                    );
                }
                let lines_of = |(key, value)| format!("{name}[{key}]: {value}");
                lines.extend(entries.into_iter().map(lines_of));
            } else if field.repeated() {
                let mut texts = Vec::new();
                for value in values {
                    texts.push(self.value(field.kind(), value, depth)?);
                }
                if field.is_message() {
                    lines.extend(texts.into_iter().map(|text| format!("{name}: {text}")));
                } else if !texts.is_empty() {
                    lines.push(format!("{name}: [{}]", texts.join(", ")));
                }
            } else if let Some(last) = values.last()
                && (field.explicit() || !is_default(last))
            {
                lines.push(format!("{name}: {}", self.single(field, values, depth)?));
            }
        }
        let unknown = message.unknown.iter();
        lines.extend(unknown.map(|number| format!("unknown field {number}")));
        Ok(lines)
    }

    /// The value of a field that is not repeated, or its default.
    fn single(
        &self,
        field: FieldType<'_>,
        values: &[Value<'_>],
        depth: usize,
    ) -> Result<String, Malformed> {
        match (field.kind(), values) {
            (Kind::Message(_), parts) => {
                let parts: Vec<_> = parts.iter().filter_map(Value::content).collect();
                self.value(field.kind(), &Value::Len(&parts.concat()), depth)
            }
            (kind, [.., last]) => self.value(kind, last, depth),
            (kind, []) => self.value(kind, &Value::zero(kind.wire_type()), depth),
        }
    }

    fn value(&self, kind: Kind<'_>, value: &Value<'_>, depth: usize) -> Result<String, Malformed> {
        let text = match (kind, value) {
            (Kind::Message(inner), Value::Len(bytes)) => {
                match self.fields(inner, bytes, depth + 1)?.as_slice() {
                    [] => "{}".to_owned(),
                    fields => format!("{{ {} }}", fields.join(", ")),
                }
            }
            (Kind::Enum(of), Value::Varint(number)) => enum_value(of, *number as i32),
            (kind, Value::Len(bytes)) if kind.is_string() => {
                string(&String::from_utf8_lossy(bytes))
            }
            (_, Value::Len(bytes)) => format!("{} bytes #{:08x}", bytes.len(), hash(bytes)),
            (Kind::Scalar(Scalar::Double), Value::I64(bits)) => float(f64::from_bits(*bits)),
            (Kind::Scalar(Scalar::Float), Value::I32(bits)) => {
                float(f64::from(f32::from_bits(*bits)))
            }
            (Kind::Scalar(scalar), value) => number(scalar, value),
            _ => return Err(Malformed("a value of another wire type than its field has")),
        };
        Ok(text)
    }
}

/// A number that is neither a fraction nor an enum's value, as its type reads it: a narrow one keeps the low bits.
pub(crate) fn number(scalar: Scalar, value: &Value<'_>) -> String {
    let bits = match value {
        Value::Varint(bits) | Value::I64(bits) => *bits,
        Value::I32(bits) => u64::from(*bits),
        Value::Len(_) => 0,
    };
    match scalar {
        Scalar::Bool => (bits != 0).to_string(),
        Scalar::Int32 | Scalar::Sfixed32 => (bits as i32).to_string(),
        Scalar::Int64 | Scalar::Sfixed64 => (bits as i64).to_string(),
        Scalar::Uint32 => (bits as u32).to_string(),
        Scalar::Sint32 => zigzag(u64::from(bits as u32)).to_string(),
        Scalar::Sint64 => zigzag(bits).to_string(),
        _ => bits.to_string(),
    }
}

/// The number that a zigzag-encoded one stands for: 0, -1, 1, -2 ...
fn zigzag(bits: u64) -> i64 {
    (bits >> 1) as i64 ^ -((bits & 1) as i64)
}

/// Whether a value is what its absence means.
fn is_default(value: &Value<'_>) -> bool {
    *value == Value::zero(value.wire_type())
}

/// A string in quotes, its beginning only where it is long.
pub fn string(text: &str) -> String {
    let count = text.chars().count();
    if count <= SHOWN_CHARS {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(SHOWN_CHARS_OF_LONGER).collect();
    format!(
        "{:?}.. {count} characters #{:08x}",
        head.trim_end(),
        hash(text.as_bytes())
    )
}

/// The name of an enum value without the prefix that repeats the type's name, or the bare number of a value that
/// the descriptor does not know.
pub(crate) fn enum_value(enum_type: EnumType<'_>, number: i32) -> String {
    let Some(name) = enum_type.value(number) else {
        return format!("{number} (unknown)");
    };
    let prefix = screaming(enum_type.name());
    name.strip_prefix(&prefix).unwrap_or(name).to_owned()
}

/// `DocumentType` to `DOCUMENT_TYPE_`.
fn screaming(name: &str) -> String {
    let mut prefix = String::new();
    for (index, character) in name.char_indices() {
        if index > 0 && character.is_ascii_uppercase() {
            prefix.push('_');
        }
        prefix.push(character.to_ascii_uppercase());
    }
    prefix + "_"
}

fn float(number: f64) -> String {
    let text = format!("{number:.2}");
    // What rounds to nothing has no sign.
    if text == "-0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

/// FNV-1a, the same on every machine and in every release.
fn hash(bytes: &[u8]) -> u32 {
    use std::hash::Hasher as _;
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(bytes);
    let hash = hasher.finish();
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::testing::{Part, Thing, file_descriptor_set};

    /// Renders messages of the package `t`.
    fn renderer() -> Renderer {
        Renderer::new(&file_descriptor_set()).expect("a valid contract")
    }

    /// A `t.Thing` as lines.
    fn render(renderer: &Renderer, bytes: &[u8]) -> Vec<String> {
        let thing = renderer.message_type("t.Thing");
        let rendered = renderer.message(thing.expect("the contract has it"), bytes);
        let first = rendered.payload.to_string();
        std::iter::once(first).chain(rendered.details).collect()
    }

    fn lines(message: &Thing) -> Vec<String> {
        render(&renderer(), &message.encode_to_vec())
    }

    fn line(message: Thing) -> String {
        let lines = lines(&message);
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines[0].clone()
    }

    #[test]
    fn what_the_wire_leaves_out_is_left_out() {
        assert_eq!(line(Thing::default()), "Thing {}");
        let message = Thing {
            delta: -1,
            ..Default::default()
        };
        assert_eq!(line(message), "Thing { delta: -1 }");
    }

    #[test]
    fn an_enum_value_loses_its_prefix_and_an_unknown_one_keeps_its_number() {
        let known = Thing {
            kind: 1,
            ..Default::default()
        };
        assert_eq!(line(known), "Thing { kind: LARGE }");
        let newer = Thing {
            kind: 7,
            ..Default::default()
        };
        assert_eq!(line(newer), "Thing { kind: 7 (unknown) }");
    }

    #[test]
    fn a_map_is_sorted_and_its_floats_rounded() {
        let weights = [("b", 0.985), ("a", 0.005_1), ("c", -0.001)];
        let weights = weights.map(|(key, value)| (key.to_owned(), value)).into();
        let message = Thing {
            weights,
            ..Default::default()
        };
        let expected = r#"Thing { weights["a"]: 0.01, weights["b"]: 0.99, weights["c"]: 0.00 }"#;
        assert_eq!(line(message), expected);
    }

    #[test]
    fn a_wide_message_has_a_line_for_each_field_and_each_entry() {
        let part = |tag: &str| Part {
            tags: vec![tag.repeat(20), tag.to_owned()],
        };
        let message = Thing {
            name: "n".repeat(30),
            parts: vec![part("a"), part("b")],
            ..Default::default()
        };
        let lines = lines(&message);
        assert_eq!(lines[0], "Thing");
        assert_eq!(
            lines[2],
            format!(r#"parts: {{ tags: ["{}", "a"] }}"#, "a".repeat(20))
        );
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn a_long_string_shows_a_difference_behind_its_cut() {
        let text = |end: char| format!("{}{end}", "x".repeat(100));
        let (one, other) = (string(&text('1')), string(&text('2')));
        assert!(
            one.starts_with("\"xxxx") && one.contains("101 characters"),
            "{one}"
        );
        assert_ne!(one, other);
        assert_eq!(string("a\nb"), r#""a\nb""#, "one line whatever is in it");
    }

    #[test]
    fn what_is_redacted_shows_even_its_default_as_varying() {
        let renderer = renderer().redact("t.Thing.took_ms", "(varies)");
        for took_ms in [0, 7] {
            let message = Thing {
                took_ms,
                ..Default::default()
            };
            let lines = render(&renderer, &message.encode_to_vec());
            assert_eq!(lines, ["Thing { took_ms: (varies) }"]);
        }
    }

    #[test]
    fn unknown_fields_and_broken_bytes_are_reported() {
        let newer = Thing {
            newer: 5,
            ..Default::default()
        };
        assert_eq!(line(newer), "Thing { unknown field 99 }");
        let broken = render(&renderer(), &[0x0a, 0x05, b'x']);
        assert_eq!(broken, ["3 bytes, not a Thing"]);
    }

    #[test]
    fn a_method_has_its_types() {
        let renderer = renderer();
        let (input, output) = renderer
            .method_types("/t.S/Do")
            .expect("there is such a method");
        assert_eq!((input.name(), output.name()), ("Thing", "Part"));
        for path in ["/t.S/Other", "/t.Other/Do", "t.S/Do", "/"] {
            assert!(renderer.method_types(path).is_none(), "{path}");
        }
    }
}
