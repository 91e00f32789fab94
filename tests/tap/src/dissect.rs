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

/// How many unknown fields of one number in a row are still listed one by one.
const UNKNOWN_LISTED: usize = 3;

/// Takes `bytes` apart as a message of this type. Where they stop making sense, the last piece says why.
///
/// The pieces stand in the order of the bytes, but for the entries of a map, which stand in the order of their keys: on
/// the wire they may come in any, and most writers put them in another one every time. Many unknown fields of one number
/// in a row are one piece.
pub fn dissect(descriptor: &MessageDescriptor, bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    message(descriptor, bytes, 0, &mut pieces);
    pieces
}

fn message(descriptor: &MessageDescriptor, mut bytes: &[u8], depth: usize, out: &mut Vec<Piece>) {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let mut pieces = Vec::new();
        let (number, rest) = match field(descriptor, bytes, depth, &mut pieces) {
            Ok(found) => found,
            Err(reason) => {
                let hex = hex(&bytes[..bytes.len().min(8)]);
                let meaning = reason.to_owned();
                // 0 is no field's number.
                fields.push((
                    0,
                    0,
                    vec![Piece {
                        depth,
                        hex,
                        meaning,
                    }],
                ));
                break;
            }
        };
        fields.push((number, bytes.len() - rest.len(), pieces));
        bytes = rest;
    }
    sort_maps(descriptor, &mut fields);
    for run in fields.chunk_by(|(one, ..), (other, ..)| one == other) {
        let (number, _, first) = &run[0];
        if run.len() > UNKNOWN_LISTED && *number > 0 && descriptor.get_field(*number).is_none() {
            let all: usize = run.iter().map(|(_, length, _)| length).sum();
            out.extend(first.iter().map(|piece| Piece {
                meaning: format!(
                    "{}, and {} more like it, {all} bytes in all",
                    piece.meaning,
                    run.len() - 1
                ),
                ..piece.clone()
            }));
        } else {
            out.extend(run.iter().flat_map(|(.., pieces)| pieces.iter().cloned()));
        }
    }
}

/// A field's number, how many bytes it takes, and its pieces.
type Field = (u32, usize, Vec<Piece>);

/// Puts the entries of each map into the order of their keys, in the places where entries of that map were.
fn sort_maps(descriptor: &MessageDescriptor, fields: &mut [Field]) {
    for map in descriptor.fields().filter(FieldDescriptor::is_map) {
        let places: Vec<_> = (0..fields.len())
            .filter(|place| fields[*place].0 == map.number())
            .collect();
        let mut entries: Vec<Field> = places.iter().map(|place| fields[*place].clone()).collect();
        // The first piece is the entry's own length; those after it are its key and its value.
        entries.sort_by(|(.., one), (.., other)| {
            let text = |piece: &Piece| piece.meaning.clone();
            let texts = |pieces: &[Piece]| pieces.iter().skip(1).map(text).collect::<Vec<_>>();
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
fn key(entry: &[Piece]) -> &str {
    let key = entry.get(1).map_or("", |piece| piece.meaning.as_str());
    key.split_once('"').map_or(key, |(_, text)| text)
}

/// Reads one field and returns its number and what is left.
fn field<'a>(
    descriptor: &MessageDescriptor,
    bytes: &'a [u8],
    depth: usize,
    out: &mut Vec<Piece>,
) -> Result<(u32, &'a [u8]), &'static str> {
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
                    let name = inner.name();
                    let article = if name.starts_with(['A', 'E', 'I', 'O', 'U']) {
                        "an"
                    } else {
                        "a"
                    };
                    push(head, format!("{title}, {article} {name}"));
                    message(&inner, content, depth + 1, out);
                }
                _ => push(head, title),
            }
        }
        WireType::StartGroup | WireType::EndGroup => return Err("a group, which proto3 has not"),
    }
    Ok((number, rest))
}

/// What a varint means to the field that holds it.
fn varint(field: &FieldDescriptor, value: u64) -> String {
    match field.kind() {
        Kind::Bool => (value != 0).to_string(),
        // The name alone would hide the number that is in the bytes; a value without a name is its number already.
        Kind::Enum(descriptor) => match enum_value(&descriptor, value as i32) {
            unknown
                if unknown.starts_with(|first: char| first == '-' || first.is_ascii_digit()) =>
            {
                unknown
            }
            name => format!("{value} {name}"),
        },
        Kind::Int32 | Kind::Int64 => (value as i64).to_string(),
        Kind::Sint32 | Kind::Sint64 => ((value >> 1) as i64 ^ -((value & 1) as i64)).to_string(),
        _ => value.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::testing::{Part, Thing, thing};

    fn pieces(bytes: &[u8]) -> Vec<(usize, String, String)> {
        let pieces = dissect(&thing(), bytes);
        pieces
            .into_iter()
            .map(|piece| (piece.depth, piece.hex, piece.meaning))
            .collect()
    }

    #[test]
    fn every_wire_type_is_taken_apart() {
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
        assert_eq!(pieces(&message.encode_to_vec()), expected);
    }

    #[test]
    fn where_bytes_stop_making_sense_the_last_piece_says_why() {
        for (bytes, reason) in [
            (&[0x0a, 0x05, b'x'][..], "past the end"),
            (&[0x20, 0x80], "varint does not end"),
            (&[0x80], "not a tag"),
            (&[0x0e], "no such wire type"),
            (&[0x0b], "a group"),
            (&[0x15, 0, 0], "inside a fixed-width"),
            (&[0x0a, 0x02, 0xff, 0xfe], "not UTF-8"),
        ] {
            let pieces = pieces(bytes);
            let (.., last) = pieces.last().expect("a piece");
            assert!(last.contains(reason), "{bytes:x?}: {last}");
        }
        assert!(pieces(&[]).is_empty());
    }

    /// An entry of `weights`, whose value is told from others by its last byte.
    fn entry(key: &str, value: u8) -> Vec<u8> {
        let mut entry = vec![0x0a, key.len() as u8];
        entry.extend(key.bytes());
        entry.extend([0x15, 0, 0, 0, value]);
        let mut field = vec![0x1a, entry.len() as u8];
        field.extend(entry);
        field
    }

    fn meanings(bytes: &[u8]) -> Vec<String> {
        pieces(bytes)
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
    fn a_row_of_unknown_fields_is_one_piece_and_says_how_much_it_stands_for() {
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
