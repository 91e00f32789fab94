//! A message field by field as it stands in its bytes: every tag, length and value.

use crate::scalar::{enum_value, number, string};
use crate::schema::{FieldType, Kind, MessageType, Scalar};
use crate::transcript::{article, unit};
use crate::wire::{self, Value, fields};

/// One field as it stands in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpLine {
    /// How deep the message that holds it is nested, from 0.
    pub depth: usize,
    /// The bytes of the tag, and of the length or the number after it. The content of a length-delimited field is not
    /// among them.
    pub bytes: Vec<u8>,
    /// What they say.
    pub meaning: String,
}

/// How many unknown fields of one number in a row are still listed one by one.
const MAX_UNKNOWN_LISTED: usize = 3;

/// How many bytes are shown of those that make no sense.
const SHOWN_INVALID_BYTES: usize = 8;

/// The fields of a message of this type, as they stand in `bytes`. Where these stop making sense, the last line says why.
///
/// The lines are in the order of the bytes, but for the entries of a map, which are in the order of their keys: on the
/// wire they may come in any order, and most writers put them in another one every time. Many unknown fields of one number
/// in a row are one line.
pub fn dump(message_type: MessageType<'_>, bytes: &[u8]) -> Vec<DumpLine> {
    let mut lines = Vec::new();
    message(message_type, bytes, 0, &mut lines);
    lines
}

fn message(message_type: MessageType<'_>, bytes: &[u8], depth: usize, out: &mut Vec<DumpLine>) {
    let mut all = Vec::new();
    let mut read = fields(bytes);
    loop {
        match read.next() {
            Some(Ok(read)) => {
                let lines = field(message_type, read, depth);
                all.push((read.number, read.bytes.len(), lines));
            }
            Some(Err(reason)) => {
                let rest = read.rest();
                let line = DumpLine {
                    depth,
                    bytes: rest[..rest.len().min(SHOWN_INVALID_BYTES)].to_vec(),
                    meaning: reason.to_string(),
                };
                // No field has the number 0.
                all.push((0, 0, vec![line]));
            }
            None => break,
        }
    }
    sort_maps(message_type, &mut all);
    for run in all.chunk_by(|(one, ..), (other, ..)| one == other) {
        let (number, _, first) = &run[0];
        if run.len() > MAX_UNKNOWN_LISTED && *number > 0 && message_type.field(*number).is_none() {
            let all: usize = run.iter().map(|(_, length, _)| length).sum();
            out.extend(first.iter().map(|line| DumpLine {
                meaning: format!(
                    "{}, and {} more like it, {all} bytes in all",
                    line.meaning,
                    run.len() - 1
                ),
                ..line.clone()
            }));
        } else {
            out.extend(run.iter().flat_map(|(.., lines)| lines.iter().cloned()));
        }
    }
}

/// A field's number, how many bytes it takes, and its lines.
type Field = (u32, usize, Vec<DumpLine>);

/// Puts the entries of each map into the order of their keys, in the places where entries of that map were.
fn sort_maps(message_type: MessageType<'_>, fields: &mut [Field]) {
    for map in message_type.fields().filter(|field| field.map().is_some()) {
        let places: Vec<_> = (0..fields.len())
            .filter(|place| fields[*place].0 == map.number())
            .collect();
        let mut entries: Vec<Field> = places.iter().map(|place| fields[*place].clone()).collect();
        // The first line is the length of the entry itself; those after it are its key and its value.
        entries.sort_by(|(.., one), (.., other)| {
            let text = |line: &DumpLine| line.meaning.clone();
            let texts = |lines: &[DumpLine]| lines.iter().skip(1).map(text).collect::<Vec<_>>();
            key(one)
                .cmp(key(other))
                .then_with(|| texts(one).cmp(&texts(other)))
        });
        for (place, entry) in places.into_iter().zip(entries) {
            fields[place] = entry;
        }
    }
}

/// What an entry's key says, without its length. Empty where the entry has none.
fn key(entry: &[DumpLine]) -> &str {
    let key = entry.get(1).map_or("", |line| line.meaning.as_str());
    key.split_once('"').map_or(key, |(_, text)| text)
}

/// The lines of one field.
fn field(message_type: MessageType<'_>, field: wire::Field<'_>, depth: usize) -> Vec<DumpLine> {
    let number = field.number;
    let known = message_type.field(number);
    let name = known.map_or("unknown", FieldType::name);
    let kind = known.map(FieldType::kind);
    let mut nested = Vec::new();
    let meaning = match field.value {
        Value::Varint(value) => {
            let shown = kind.map_or_else(|| value.to_string(), |kind| varint(kind, value));
            format!("VARINT: {shown}")
        }
        Value::I64(_) => "I64".to_owned(),
        Value::I32(bits) => match kind {
            Some(Kind::Scalar(Scalar::Float)) => format!("I32: {}", f32::from_bits(bits)),
            _ => "I32".to_owned(),
        },
        Value::Len(content) => {
            let title = format!("LEN: {} {}", content.len(), unit(content.len()));
            match kind {
                Some(Kind::Scalar(Scalar::String)) => match std::str::from_utf8(content) {
                    Ok(text) => format!("{title} {}", string(text)),
                    Err(_) => format!("{title} that are not UTF-8"),
                },
                Some(Kind::Message(inner)) => {
                    message(inner, content, depth + 1, &mut nested);
                    let name = inner.name();
                    format!("{title}, {} {name}", article(name))
                }
                _ => title,
            }
        }
    };
    let mut lines = vec![DumpLine {
        depth,
        bytes: field.head().to_vec(),
        meaning: format!("field {number} {name}, {meaning}"),
    }];
    lines.append(&mut nested);
    lines
}

/// What a varint means to the field that holds it.
fn varint(kind: Kind<'_>, value: u64) -> String {
    match kind {
        // The name alone would hide the number that is in the bytes; a value without a name is its number already.
        Kind::Enum(of) => match of.value(value as i32) {
            Some(_) => format!("{value} {}", enum_value(of, value as i32)),
            None => enum_value(of, value as i32),
        },
        // What a narrow type cuts off is in the bytes all the same.
        Kind::Scalar(Scalar::Int32) => (value as i64).to_string(),
        Kind::Scalar(scalar) => number(scalar, &Value::Varint(value)),
        Kind::Message(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::schema::Schema;
    use crate::testing::{Part, Thing, file_descriptor_set};

    fn lines(bytes: &[u8]) -> Vec<(usize, String, String)> {
        let schema = Schema::new(&file_descriptor_set()).expect("a valid contract");
        let thing = schema.message("t.Thing").expect("the contract has it");
        let hex = |bytes: &[u8]| {
            let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            bytes.join(" ")
        };
        dump(thing, bytes)
            .into_iter()
            .map(|line| (line.depth, hex(&line.bytes), line.meaning))
            .collect()
    }

    #[test]
    fn every_wire_type_is_dumped() {
        let message = Thing {
            name: "ab".into(),
            parts: vec![Part {
                tags: vec!["t".into()],
            }],
            weights: [("w".to_owned(), 0.5)].into(),
            kind: 1,
            blob: vec![1, 2, 3],
            delta: -3,
            took_ms: -1,
            newer: 300,
        };
        let expected = [
            (0, "0a 02", "field 1 name, LEN: 2 bytes \"ab\""),
            (0, "12 03", "field 2 parts, LEN: 3 bytes, a Part"),
            (1, "0a 01", "field 1 tags, LEN: 1 byte \"t\""),
            (0, "1a 08", "field 3 weights, LEN: 8 bytes, a WeightsEntry"),
            (1, "0a 01", "field 1 key, LEN: 1 byte \"w\""),
            (1, "15 00 00 00 3f", "field 2 value, I32: 0.5"),
            (0, "20 01", "field 4 kind, VARINT: 1 LARGE"),
            (0, "2a 03", "field 5 blob, LEN: 3 bytes"),
            (0, "30 05", "field 6 delta, VARINT: -3"),
            (
                0,
                "38 ff ff ff ff ff ff ff ff ff 01",
                "field 7 took_ms, VARINT: -1",
            ),
            (0, "98 06 ac 02", "field 99 unknown, VARINT: 300"),
        ];
        let expected = expected.map(|(depth, hex, meaning)| (depth, hex.into(), meaning.into()));
        assert_eq!(lines(&message.encode_to_vec()), expected);
    }

    #[test]
    fn the_last_line_says_why_bytes_stop_making_sense() {
        for (bytes, reason) in [
            (&[0x0a, 0x05, b'x'][..], "past the end"),
            (&[0x20, 0x80], "varint does not end"),
            (&[0x80], "not a tag"),
            (&[0x0e], "no such wire type"),
            (&[0x0b], "a group"),
            (&[0x15, 0, 0], "inside a fixed-width"),
            (&[0x0a, 0x02, 0xff, 0xfe], "not UTF-8"),
        ] {
            let lines = lines(bytes);
            let (.., last) = lines.last().expect("a line");
            assert!(last.contains(reason), "{bytes:x?}: {last}");
        }
        assert!(lines(&[]).is_empty());
    }

    /// An entry of `weights`, whose value differs from others in its last byte.
    fn entry(key: &str, value: u8) -> Vec<u8> {
        let mut entry = vec![0x0a, key.len() as u8];
        entry.extend(key.bytes());
        entry.extend([0x15, 0, 0, 0, value]);
        let mut field = vec![0x1a, entry.len() as u8];
        field.extend(entry);
        field
    }

    fn meanings(bytes: &[u8]) -> Vec<String> {
        lines(bytes)
            .into_iter()
            .map(|(.., meaning)| meaning)
            .collect()
    }

    const NAME: [u8; 3] = [0x0a, 1, b'X'];

    #[test]
    fn the_entries_of_a_map_are_shown_by_key_whatever_their_order() {
        let (first, second, third) = (entry("b", 1), entry("a", 2), entry("cc", 0));
        let one = [&NAME[..], &first, &second, &third].concat();
        let other = [&NAME[..], &third, &second, &first].concat();
        assert_eq!(meanings(&one), meanings(&other));
        let keys: Vec<_> = meanings(&one).into_iter().skip(2).step_by(3).collect();
        let expected = ["1 byte \"a\"", "1 byte \"b\"", "2 bytes \"cc\""];
        assert_eq!(keys, expected.map(|key| format!("field 1 key, LEN: {key}")));
        let changed = [&NAME[..], &first, &second, &entry("cc", 9)].concat();
        assert_ne!(meanings(&one), meanings(&changed));
    }

    #[test]
    fn a_row_of_unknown_fields_is_one_line_and_says_how_much_it_stands_for() {
        let row: Vec<u8> = [0x7a, 2, 9, 9].repeat(5);
        assert_eq!(
            meanings(&[&row[..], &NAME].concat()),
            [
                "field 15 unknown, LEN: 2 bytes, and 4 more like it, 20 bytes in all",
                "field 1 name, LEN: 1 byte \"X\""
            ]
        );
        assert_eq!(meanings(&row[..12]).len(), 3);
    }
}
