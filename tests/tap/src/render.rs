//! Messages as text, by their descriptors.
//!
//! One form for people and for comparison: defaults are left out as the wire leaves them out, floats have two
//! decimals, enum values lose the prefix that repeats their type's name, and a string too long to read keeps its
//! beginning, its length and a hash of the whole, so that a difference past the cut still shows.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost_reflect::{
    DescriptorError, DescriptorPool, DynamicMessage, EnumDescriptor, Kind, MapKey,
    MessageDescriptor, ReflectMessage as _, Value,
};

/// A message whose one-line form is wider than this is printed with a line for each field.
const ONE_LINE: usize = 88;

/// How many characters of a string are printed.
const STRING: usize = 72;

/// Turns message bytes into text.
#[derive(Clone, Debug)]
pub struct Renderer {
    pool: DescriptorPool,
    redacted: BTreeMap<&'static str, &'static str>,
    redacted_metadata: BTreeMap<&'static str, &'static str>,
}

impl Renderer {
    /// Reads messages by the descriptors in a serialised `google.protobuf.FileDescriptorSet`.
    ///
    /// # Errors
    ///
    /// When the bytes are no descriptor set, or one that refers to what it does not hold.
    pub fn new(file_descriptor_set: &[u8]) -> Result<Self, DescriptorError> {
        Ok(Self {
            pool: DescriptorPool::decode(file_descriptor_set)?,
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
    pub fn message_type(&self, name: &str) -> Option<MessageDescriptor> {
        self.pool.get_message_by_name(name)
    }

    /// The request and the response type of a method given as `/package.Service/Method`.
    pub fn method_types(&self, path: &str) -> Option<(MessageDescriptor, MessageDescriptor)> {
        let (service, method) = path.strip_prefix('/')?.split_once('/')?;
        let service = self.pool.get_service_by_name(service)?;
        let method = service.methods().find(|found| found.name() == method)?;
        Some((method.input(), method.output()))
    }

    /// A message as lines: one where it is short, else its name and a line for each field.
    pub fn message(&self, descriptor: &MessageDescriptor, bytes: Bytes) -> Vec<String> {
        let name = descriptor.name().to_owned();
        let length = bytes.len();
        let Ok(message) = DynamicMessage::decode(descriptor.clone(), bytes) else {
            return vec![format!("{length} bytes that are no {name}")];
        };
        let fields = self.fields(&message);
        let one_line = match fields.as_slice() {
            [] => format!("{name} {{}}"),
            fields => format!("{name} {{ {} }}", fields.join(", ")),
        };
        if one_line.chars().count() <= ONE_LINE {
            return vec![one_line];
        }
        std::iter::once(name).chain(fields).collect()
    }

    /// `name: value` for each field, repeated and map fields once for each entry.
    fn fields(&self, message: &DynamicMessage) -> Vec<String> {
        let descriptor = message.descriptor();
        let mut lines = Vec::new();
        for field in descriptor.fields() {
            let name = field.name();
            if let Some(placeholder) = self.redacted.get(field.full_name()) {
                lines.push(format!("{name}: {placeholder}"));
                continue;
            }
            if !message.has_field(&field) {
                continue;
            }
            match message.get_field(&field).as_ref() {
                Value::List(values) if matches!(field.kind(), Kind::Message(_)) => {
                    lines.extend(
                        values
                            .iter()
                            .map(|value| format!("{name}: {}", self.value(value, &field.kind()))),
                    );
                }
                Value::Map(entries) => {
                    let Kind::Message(entry) = field.kind() else {
                        continue;
                    };
                    let kind = entry.map_entry_value_field().kind();
                    let mut printed: Vec<_> = entries
                        .iter()
                        .map(|(key, value)| {
                            format!("{name}[{}]: {}", map_key(key), self.value(value, &kind))
                        })
                        .collect();
                    // A map has no order on the wire.
                    printed.sort();
                    lines.extend(printed);
                }
                value => lines.push(format!("{name}: {}", self.value(value, &field.kind()))),
            }
        }
        lines.extend(
            message
                .unknown_fields()
                .map(|field| format!("unknown field {}", field.number())),
        );
        lines
    }

    fn value(&self, value: &Value, kind: &Kind) -> String {
        match value {
            Value::String(text) => string(text),
            Value::Bytes(bytes) => format!("{} bytes #{:08x}", bytes.len(), hash(bytes)),
            Value::F32(number) => float(f64::from(*number)),
            Value::F64(number) => float(*number),
            Value::EnumNumber(number) => match kind {
                Kind::Enum(descriptor) => enum_value(descriptor, *number),
                _ => number.to_string(),
            },
            Value::Message(message) => match self.fields(message).as_slice() {
                [] => "{}".to_owned(),
                fields => format!("{{ {} }}", fields.join(", ")),
            },
            Value::List(values) => {
                let values: Vec<_> = values.iter().map(|value| self.value(value, kind)).collect();
                format!("[{}]", values.join(", "))
            }
            Value::Bool(value) => value.to_string(),
            Value::I32(value) => value.to_string(),
            Value::I64(value) => value.to_string(),
            Value::U32(value) => value.to_string(),
            Value::U64(value) => value.to_string(),
            // Maps stand in fields of a message only, which `fields` prints entry by entry.
            Value::Map(_) => "{map}".to_owned(),
        }
    }
}

/// A string in quotes, its beginning only where it is long.
pub fn string(text: &str) -> String {
    let count = text.chars().count();
    if count <= STRING {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(STRING - 12).collect();
    format!(
        "{:?}.. {count} characters #{:08x}",
        head.trim_end(),
        hash(text.as_bytes())
    )
}

/// The name of an enum value without the prefix that repeats the type's name, or the bare number of a value that
/// the descriptor does not know.
pub fn enum_value(descriptor: &EnumDescriptor, number: i32) -> String {
    let Some(value) = descriptor.get_value(number) else {
        return format!("{number} (unknown)");
    };
    let name = value.name();
    let prefix = screaming(descriptor.name());
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

fn map_key(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => string(key),
    }
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
    use crate::testing::{Part, Thing, renderer, thing};

    fn lines(message: &Thing) -> Vec<String> {
        renderer().message(&thing(), message.encode_to_vec().into())
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
            let lines = renderer.message(&thing(), message.encode_to_vec().into());
            assert_eq!(lines, ["Thing { took_ms: (varies) }"]);
        }
    }

    #[test]
    fn unknown_fields_and_broken_bytes_are_told() {
        let newer = Thing {
            newer: 5,
            ..Default::default()
        };
        assert_eq!(line(newer), "Thing { unknown field 99 }");
        let broken = renderer().message(&thing(), Bytes::from_static(&[0x0a, 0x05, b'x']));
        assert_eq!(broken, ["3 bytes that are no Thing"]);
    }

    #[test]
    fn a_method_has_its_types() {
        let (input, output) = renderer()
            .method_types("/t.S/Do")
            .expect("there is such a method");
        assert_eq!((input.name(), output.name()), ("Thing", "Part"));
        for path in ["/t.S/Other", "/t.Other/Do", "t.S/Do", "/"] {
            assert!(renderer().method_types(path).is_none(), "{path}");
        }
    }
}
