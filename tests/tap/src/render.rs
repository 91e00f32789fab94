//! Messages as text, by their descriptors.
//!
//! One form for people and for comparison, by what a message means: in which order its fields stand, whether a default is
//! written out, or numbers packed, does not show. Defaults are left out as the wire leaves them out.

use std::collections::BTreeMap;

use crate::fields::{Entry, Reading, join, read};
use crate::google_rpc;
use crate::scalar::{Floats, hexadecimal};
use crate::schema::{MessageType, Schema, SchemaError};
use crate::transcript::{Payload, RawBytes};

/// A message, alone or within another, whose one-line form has more characters than this is printed with a line for each field.
pub(crate) const ONE_LINE_CHARS: usize = 88;

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
    /// Lines of fields that do not count.
    pub shown: Vec<String>,
}

impl From<Payload> for Rendered {
    fn from(payload: Payload) -> Self {
        Self {
            payload,
            details: Vec::new(),
            shown: Vec::new(),
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
            // Two sets of descriptors behind each other are one. A contract's own types hide those of the same name.
            schema: Schema::new(&[&google_rpc::descriptors(), file_descriptor_set].concat())?,
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
        self.message_without(message_type, bytes, &[])
    }

    /// A message in which some fields, by their full names, do not count.
    pub(crate) fn message_without(
        &self,
        message_type: MessageType<'_>,
        bytes: &[u8],
        uncounted: &[&str],
    ) -> Rendered {
        let reading = Reading {
            uncounted,
            ..self.reading()
        };
        match read(reading, message_type, bytes) {
            Ok(fields) => {
                let (payload, entries) = one_line(message_type, fields.entries);
                let text = |entry: Entry| entry.to_string();
                Rendered {
                    payload,
                    details: entries.into_iter().map(text).collect(),
                    shown: fields.uncounted.into_iter().map(text).collect(),
                }
            }
            Err(_) => Rendered {
                details: content(bytes),
                ..Rendered::from(not_a(message_type, bytes))
            },
        }
    }

    /// How messages are read: all of their fields count, and fractions are rounded.
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading {
            redacted: &self.redacted,
            uncounted: &[],
            floats: Floats::Rounded,
        }
    }
}

/// The first line of a message, and the fields that are not on it.
pub(crate) fn one_line(
    message_type: MessageType<'_>,
    entries: Vec<Entry>,
) -> (Payload, Vec<Entry>) {
    let name = message_type.name().to_owned();
    let one_line = Payload::Message {
        name: name.clone(),
        fields: Some(join(&entries)),
    };
    if one_line.to_string().chars().count() <= ONE_LINE_CHARS {
        return (one_line, Vec::new());
    }
    (Payload::Message { name, fields: None }, entries)
}

/// What is said of bytes that are not a message of this type.
pub(crate) fn not_a(message_type: MessageType<'_>, bytes: &[u8]) -> Payload {
    let name = message_type.name().to_owned();
    let length = bytes.len();
    Payload::Bytes(RawBytes::NotA { name, length })
}

/// What is in bytes that are shown by their length: a line, or none for no bytes.
pub(crate) fn content(bytes: &[u8]) -> Vec<String> {
    let line = (!bytes.is_empty()).then(|| format!("content: {}", hexadecimal(bytes)));
    line.into_iter().collect()
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
        assert_eq!(line(newer), "Thing { unknown field 99: VARINT 5 }");
        let broken = render(&renderer(), &[0x0a, 0x05, b'x']);
        assert_eq!(broken, ["3 bytes, not a Thing", "content: 0a 05 78"]);
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
