//! The values in a message, by the rules of the language.

use std::collections::BTreeMap;

use prost::encoding::WireType;

use crate::schema::{FieldType, MessageType};
use crate::wire::{Malformed, Value, fields, packed};

/// What a message holds.
#[derive(Debug, Default)]
pub(crate) struct Decoded<'a> {
    values: BTreeMap<u32, Vec<Value<'a>>>,
    /// The numbers of fields that the type does not have, each as often as it came, in their order.
    pub(crate) unknown: Vec<u32>,
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
            decoded.unknown.push(read.number);
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
                .is_some_and(|own| own.excludes(field))
        });
        let values = decoded.values.entry(read.number).or_default();
        if !merged {
            values.clear();
        }
        values.extend(new);
    }
    decoded.unknown.sort_unstable();
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_reflect::{DescriptorPool, DynamicMessage};

    use crate::testing::{file_descriptor_set, renderer};

    /// Fields of `t.Every` and of none, now and then with a value that is not theirs, as a hostile or a newer peer might
    /// send them.
    fn bytes(generator: &mut fastrand::Rng, depth: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..generator.usize(0..8) {
            let number = generator.u64(1..46);
            let wire_type = match number {
                // Not 3, a group: the library skips one that it does not know, and proto3 has none.
                _ if generator.u8(0..30) == 0 => [0, 1, 2, 4, 5, 6, 7][generator.usize(0..7)],
                1 | 6 | 16 => 1,
                2 | 7 | 15 => 5,
                3..=5 | 8 | 13 | 14 | 17 | 18 | 41 | 42 | 45 => 0,
                23..=25 | 28 | 33 | 34 | 37 | 38 if generator.bool() => 0,
                21 | 26 | 36 if generator.bool() => 1,
                22 | 27 | 35 if generator.bool() => 5,
                _ => 2,
            };
            prost::encoding::encode_varint(number << 3 | wire_type, &mut bytes);
            match wire_type {
                0 => {
                    let bits = generator.u32(0..64);
                    prost::encoding::encode_varint(generator.u64(..) >> bits, &mut bytes);
                }
                1 => bytes.extend([0; 8].map(|zero: u8| if generator.bool() { zero } else { 1 })),
                5 => bytes.extend([0; 4].map(|zero: u8| if generator.bool() { zero } else { 1 })),
                2 => {
                    let content = match number {
                        11 | 31 | 40 => vec![0x0a, 1, generator.u8(b'a'..=b'z')],
                        43 if depth < 3 => self::bytes(generator, depth + 1),
                        44 => entry(generator),
                        21..=39 if generator.bool() => vec![0; 8],
                        _ => (0..generator.usize(0..4))
                            .map(|_| generator.u8(0..0x82))
                            .collect(),
                    };
                    prost::encoding::encode_varint(content.len() as u64, &mut bytes);
                    bytes.extend(content);
                }
                _ => {}
            }
        }
        bytes
    }

    /// A `t.Thing` with entries of its map, of which some have one key, and some lack the key or the value.
    fn entry(generator: &mut fastrand::Rng) -> Vec<u8> {
        let mut thing = Vec::new();
        for _ in 0..generator.usize(0..4) {
            let mut entry = Vec::new();
            if generator.bool() {
                entry.extend([0x0a, 1, generator.u8(b'a'..=b'b')]);
            }
            if generator.bool() {
                entry.extend([0x15, 0, 0, generator.u8(..), 0x3f]);
            }
            thing.extend([0x1a, entry.len() as u8]);
            thing.extend(entry);
        }
        thing
    }

    /// prost-reflect, which transcripts do without since it takes long to compile, says what the bytes mean: what it
    /// reads and writes again must be the same message to us, and what it refuses must be none.
    #[test]
    fn bytes_mean_what_a_library_says() {
        let renderer = renderer();
        let every = renderer.message_type("t.Every").expect("it is there");
        let pool = DescriptorPool::decode(file_descriptor_set().as_slice()).expect("it is sound");
        let descriptor = pool.get_message_by_name("t.Every").expect("it is there");
        let mut generator = fastrand::Rng::with_seed(1);
        let (mut sound, mut refused) = (0, 0);
        for _ in 0..20_000 {
            let bytes = bytes(&mut generator, 0);
            let ours = renderer.message(every, &bytes);
            match DynamicMessage::decode(descriptor.clone(), bytes.as_slice()) {
                Ok(message) => {
                    sound += 1;
                    assert_eq!(
                        ours,
                        renderer.message(every, &message.encode_to_vec()),
                        "{bytes:x?}"
                    );
                }
                Err(error) => {
                    refused += 1;
                    let told = format!("{} bytes that are no Every", bytes.len());
                    assert_eq!(ours, [told], "{bytes:x?}: {error}");
                }
            }
        }
        assert!(
            sound > 5_000 && refused > 1_000,
            "{sound} sound, {refused} refused"
        );
    }
}
