//! Whether messages are read as a library reads them.

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage};

use crate::render::Renderer;
use crate::testing::file_descriptor_set;
use crate::transcript::{Payload, RawBytes};

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
    let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
    let every = renderer.message_type("t.Every").expect("it is there");
    let pool = DescriptorPool::decode(file_descriptor_set().as_slice()).expect("it is valid");
    let descriptor = pool.get_message_by_name("t.Every").expect("it is there");
    let mut generator = fastrand::Rng::with_seed(1);
    let (mut valid, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let bytes = bytes(&mut generator, 0);
        let ours = renderer.message(every, &bytes);
        match DynamicMessage::decode(descriptor.clone(), bytes.as_slice()) {
            Ok(message) => {
                valid += 1;
                assert_eq!(
                    ours,
                    renderer.message(every, &message.encode_to_vec()),
                    "{bytes:x?}"
                );
            }
            Err(error) => {
                refused += 1;
                let expected = Payload::Bytes(RawBytes::NotA {
                    name: "Every".to_owned(),
                    length: bytes.len(),
                });
                assert_eq!(ours.payload, expected, "{bytes:x?}: {error}");
            }
        }
    }
    assert!(
        valid > 5_000 && refused > 1_000,
        "{valid} valid, {refused} refused"
    );
}
