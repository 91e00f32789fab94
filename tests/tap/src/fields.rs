//! The fields of a message as a tree of texts, by what they mean and not by how they stand in the bytes.

use std::collections::BTreeMap;
use std::fmt;

use crate::decode::decode;
use crate::scalar::{Floats, digest, scalar, unknown};
use crate::schema::{FieldType, Kind, MessageType};
use crate::wire::{Malformed, Value};

/// How deep messages may be nested: what prost allows.
const MAX_NESTING: usize = 100;

/// How many unknown fields of one number are still listed one by one.
const MAX_UNKNOWN_LISTED: usize = 3;

/// One field. Printed, it is `label: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The field's name, with the key for an entry of a map.
    pub(crate) label: String,
    pub(crate) shown: Shown,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Text(String),
    Message(Vec<Entry>),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label, self.shown)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Message(entries) if entries.is_empty() => f.write_str("{}"),
            Self::Message(entries) => write!(f, "{{ {} }}", join(entries)),
        }
    }
}

/// Fields on one line, without braces.
pub(crate) fn join(entries: &[Entry]) -> String {
    let texts: Vec<_> = entries.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

/// How messages are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    /// What is printed in place of a field, by its full name.
    pub(crate) redacted: &'a BTreeMap<&'static str, &'static str>,
    /// The full names of fields that do not count.
    pub(crate) uncounted: &'a [&'a str],
    pub(crate) floats: Floats,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    /// In the order of their declaration; those that the type does not have come last, by their numbers.
    pub(crate) entries: Vec<Entry>,
    /// The fields that do not count, wherever they were, each with the path to it.
    pub(crate) uncounted: Vec<Entry>,
}

/// Reads a message.
pub(crate) fn read(
    reading: Reading<'_>,
    message_type: MessageType<'_>,
    bytes: &[u8],
) -> Result<Fields, Malformed> {
    let mut reader = Reader {
        reading,
        path: Vec::new(),
        uncounted: Vec::new(),
    };
    let entries = reader.message(message_type, bytes)?;
    Ok(Fields {
        entries,
        uncounted: reader.uncounted,
    })
}

struct Reader<'a> {
    reading: Reading<'a>,
    /// The names of the fields that hold the current message, the outermost first.
    path: Vec<String>,
    uncounted: Vec<Entry>,
}

impl Reader<'_> {
    /// One entry for each field, repeated messages and maps once for each of theirs.
    fn message(
        &mut self,
        message_type: MessageType<'_>,
        bytes: &[u8],
    ) -> Result<Vec<Entry>, Malformed> {
        if self.path.len() > MAX_NESTING {
            return Err(Malformed("messages in messages without end"));
        }
        let message = decode(message_type, bytes)?;
        let mut entries = Vec::new();
        for field in message_type.fields() {
            let read = self.field(field, message.values(field))?;
            if self.reading.uncounted.contains(&field.full_name()) {
                let path = self.path.join(".");
                self.uncounted.extend(read.into_iter().map(|entry| Entry {
                    label: match path.as_str() {
                        "" => entry.label,
                        path => format!("{path}.{}", entry.label),
                    },
                    ..entry
                }));
            } else {
                entries.extend(read);
            }
        }
        let unknown = message
            .unknown
            .chunk_by(|(one, _), (other, _)| one == other);
        entries.extend(unknown.flat_map(unknown_entries));
        Ok(entries)
    }

    /// The entries of one field: none where its absence means the same.
    fn field(
        &mut self,
        field: FieldType<'_>,
        values: &[Value<'_>],
    ) -> Result<Vec<Entry>, Malformed> {
        let name = field.name();
        let entry = |label: String, shown| Entry { label, shown };
        if let Some(placeholder) = self.reading.redacted.get(field.full_name()) {
            let shown = Shown::Text((*placeholder).to_owned());
            return Ok(vec![entry(name.to_owned(), shown)]);
        }
        if let Some((entry_type, key, value)) = field.map() {
            // A map has no order on the wire, and the last of two entries with one key counts.
            let mut entries = BTreeMap::new();
            for pair in values.iter().filter_map(Value::content) {
                let pair = decode(entry_type, pair)?;
                let key = self.single(key, pair.values(key), name)?.to_string();
                entries.insert(key, self.single(value, pair.values(value), name)?);
            }
            let labelled = |(key, shown)| entry(format!("{name}[{key}]"), shown);
            return Ok(entries.into_iter().map(labelled).collect());
        }
        if !field.repeated() {
            return Ok(match values.last() {
                Some(last) if field.explicit() || !is_default(last) => {
                    vec![entry(name.to_owned(), self.single(field, values, name)?)]
                }
                _ => Vec::new(),
            });
        }
        let mut all = Vec::new();
        for value in values {
            all.push(self.value(field.kind(), value, name)?);
        }
        if field.is_message() {
            let labelled = |shown| entry(name.to_owned(), shown);
            return Ok(all.into_iter().map(labelled).collect());
        }
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let texts: Vec<_> = all.iter().map(ToString::to_string).collect();
        let list = Shown::Text(format!("[{}]", texts.join(", ")));
        Ok(vec![entry(name.to_owned(), list)])
    }

    /// The value of a field that is not repeated, or its default.
    fn single(
        &mut self,
        field: FieldType<'_>,
        values: &[Value<'_>],
        name: &str,
    ) -> Result<Shown, Malformed> {
        match (field.kind(), values) {
            (Kind::Message(_), parts) => {
                let parts: Vec<_> = parts.iter().filter_map(Value::content).collect();
                self.value(field.kind(), &Value::Len(&parts.concat()), name)
            }
            (kind, [.., last]) => self.value(kind, last, name),
            (kind, []) => self.value(kind, &Value::zero(kind.wire_type()), name),
        }
    }

    fn value(&mut self, kind: Kind<'_>, value: &Value<'_>, name: &str) -> Result<Shown, Malformed> {
        let (Kind::Message(inner), Value::Len(bytes)) = (kind, value) else {
            return scalar(kind, value, self.reading.floats).map(Shown::Text);
        };
        self.path.push(name.to_owned());
        let entries = self.message(inner, bytes)?;
        self.path.pop();
        Ok(Shown::Message(entries))
    }
}

/// The unknown fields of one number. Many of them are one entry, with a hash of them all.
fn unknown_entries(of_one_number: &[(u32, Value<'_>)]) -> Vec<Entry> {
    let mut texts: Vec<_> = of_one_number
        .iter()
        .map(|(_, value)| unknown(value))
        .collect();
    if texts.len() > MAX_UNKNOWN_LISTED {
        let more = texts.len() - 1;
        let all = digest(texts.join(", ").as_bytes());
        texts.truncate(1);
        texts[0].push_str(&format!(", and {more} more of this number, all {all}"));
    }
    let number = of_one_number.first().map_or(0, |(number, _)| *number);
    let entry = |text| Entry {
        label: format!("unknown field {number}"),
        shown: Shown::Text(text),
    };
    texts.into_iter().map(entry).collect()
}

/// Whether a value is what its absence means.
fn is_default(value: &Value<'_>) -> bool {
    *value == Value::zero(value.wire_type())
}
