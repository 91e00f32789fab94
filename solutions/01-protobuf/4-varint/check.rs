//! Six numbers as int32, to be sent back as sint32: 0, small ones, and some that need all 32 bits, of both
//! signs.

use anyhow::Result;
use prost::Message;
use prost::encoding::{decode_varint, encode_varint};
use proto::reading::v1::Reading;
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Varint;

#[stage::async_trait]
impl Scenario for Varint {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        View::ExactBytes("reading.v1.Reading")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(40);
        let mut numbers = [
            generator.i32(1..64),
            generator.i32(200..8_000),
            -generator.i32(1..64),
            // Zigzagged, these two have the highest of 32 bits set.
            generator.i32(1_500_000_000..2_100_000_000),
            -generator.i32(1_500_000_000..2_100_000_000),
            0,
        ];
        generator.shuffle(&mut numbers);
        let reading = |plain| Reading {
            plain: Some(plain),
            ..Default::default()
        };
        let readings = numbers.map(|number| reading(number).encode_to_vec());
        Ok(Inputs {
            peer_sent: readings.into_iter().enumerate().collect(),
            ..Inputs::default()
        })
    }
}

/// The tag of field 16 as a varint.
const ZIGZAG_TAG: [u8; 2] = [0x80, 1];

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "Your program sent the peer nothing. Hand the bytes of the field, its tag and its number, to \
                 `peer.send(...)`.",
    },
    Diagnosis {
        name: "groups-reversed",
        seen: |evidence| {
            let shows = {
                read(evidence).any(|(number, reported)| {
                    reported != number && reported == read_reversed(number)
                })
            };
            shows.then(String::new)
        },
        usually: "You read the bytes of a varint with the first one at the top. It is the other way round: the first \
                 byte holds the lowest 7 bits, the second the 7 bits above them, and so on. Shift each byte's bits by \
                 7 times its index.",
    },
    Diagnosis {
        name: "ten-bytes-in-32-bits",
        seen: |evidence| {
            let shows = {
                let panic = evidence.panic().unwrap_or_default();
                let wrapped =
                    |(number, reported)| reported != number && reported == read_in_32_bits(number);
                let at = peer_numbers(evidence).nth(evidence.reported().count());
                let shifted_out = panic.contains("shift left with overflow")
                    && at.is_some_and(|number| number < 0)
                    && read(evidence).all(|(number, reported)| reported == number);
                shifted_out || read(evidence).any(wrapped)
            };
            shows.then(String::new)
        },
        usually: "You read a negative number into 32 bits. An int32 that is negative is written as 64 bits, ten bytes \
                 of 7 bits: the shift goes past 31. Gather the bits in a u64 and cast at the end, `as i32`.",
    },
    Diagnosis {
        name: "arithmetic-overflow",
        seen: |evidence| {
            let shows = {
                let panic = evidence.panic().unwrap_or_default();
                panic.starts_with("attempt to") && panic.ends_with("overflow")
            };
            shows.then(String::new)
        },
        usually: "A result did not fit into its type, and your program panicked: the line of the panic says where. \
                 While reading, remember that a negative int32 has 64 bits. For the zigzag, remember that twice a \
                 large number does not fit into an i32. Shifts, `|` and `^` drop what does not fit; `+`, `-` and `*` \
                 panic.",
    },
    Diagnosis {
        name: "two-sends",
        seen: |evidence| {
            let shows = {
                let sent: Vec<_> = evidence.sent().collect();
                let apart = |pair: &[&[u8]]| {
                    let one = |bytes| varints(bytes).is_some_and(|values| values.len() == 1);
                    pair[0] == ZIGZAG_TAG && pair[1] != ZIGZAG_TAG && one(pair[1])
                };
                sent.windows(2).any(apart)
            };
            shows.then(String::new)
        },
        usually: "You sent the tag and the number one by one. To the peer, each `peer.send` is a separate message, and \
                 a tag alone is not a message. Put both into one Vec, the tag first, and send that.",
    },
    Diagnosis {
        name: "zero-left-out",
        seen: |evidence| {
            let shows = {
                let others: Vec<_> = peer_numbers(evidence)
                    .filter(|number| *number != 0)
                    .collect();
                let sent: Vec<_> = evidence.sent().collect();
                let skipped = others.len() == sent.len()
                    && others
                        .iter()
                        .zip(&sent)
                        .all(|(number, sent)| *sent == field(*number));
                let empty = |(number, bytes): (i32, &[u8])| {
                    number == 0 && (bytes == ZIGZAG_TAG || bytes.is_empty())
                };
                let whole = |bytes: &&[u8]| {
                    bytes.starts_with(&ZIGZAG_TAG) && bytes.len() > ZIGZAG_TAG.len()
                };
                skipped || fields(evidence).any(empty) && sent.iter().any(whole)
            };
            shows.then(String::new)
        },
        usually: "You wrote no byte for the number 0. As a varint, 0 is one byte, `00`: write the last group even if it \
                 is 0. The field is `optional`, so its 0 is sent like any other number.",
    },
    Diagnosis {
        name: "tag-missing",
        seen: |evidence| {
            let shows = {
                fields(evidence).any(|(number, bytes)| *bytes == field(number)[ZIGZAG_TAG.len()..])
            };
            shows.then(String::new)
        },
        usually: "You sent the number alone. In front of each field stands its tag, a varint too, or the reader cannot \
                 tell which field it is: `ZIGZAG << 3`, where the lowest three bits, 0, mean \"a varint follows\".",
    },
    Diagnosis {
        name: "tag-in-one-byte",
        seen: |evidence| {
            let shows = {
                fields(evidence).any(|(number, bytes)| {
                    let number = &field(number)[ZIGZAG_TAG.len()..];
                    bytes.strip_prefix(&ZIGZAG_TAG[..1]) == Some(number)
                })
            };
            shows.then(String::new)
        },
        usually: "You wrote the tag as one byte. It is a varint as well: `ZIGZAG << 3` is 128, which does not fit into \
                 7 bits, so it takes two bytes, `80 01`. Write it in the same way as the number.",
    },
    Diagnosis {
        name: "high-bit-taken-for-a-sign",
        seen: |evidence| {
            let shows = {
                let stuck = evidence.sent().count();
                let endless = evidence.did_not_finish()
                    && peer_numbers(evidence)
                        .nth(stuck)
                        .is_some_and(needs_all_bits);
                let cut = |(number, bytes): (i32, &[u8])| {
                    let rest = bytes.strip_prefix(&ZIGZAG_TAG);
                    needs_all_bits(number) && rest.is_some_and(|rest| rest.len() <= 1)
                };
                endless || fields(evidence).any(cut)
            };
            shows.then(String::new)
        },
        usually: "A large number went wrong while you wrote it. Zigzagged, it has the highest of its 32 bits set, so in \
                 an i32 it is negative: it is less than 128, and `>>` brings in ones. Cast it, `as u32`, before you \
                 take it apart.",
    },
    Diagnosis {
        name: "last-byte-missing",
        seen: |evidence| {
            let shows = {
                let ends = |bytes: &[u8]| bytes.last().is_some_and(|last| *last < 0x80);
                evidence.sent().any(|bytes| !ends(bytes))
            };
            shows.then(String::new)
        },
        usually: "A varint that you sent does not end. The top bit says that more bytes follow, so the last byte has it \
                 clear. When what is left of the number fits into 7 bits, write it too, without the top bit.",
    },
    Diagnosis {
        name: "tag-confused",
        seen: |evidence| {
            let shows = {
                let mut tags = evidence.sent().filter_map(|bytes| Some(varints(bytes)?[0]));
                tags.any(|tag| tag != 16 << 3)
            };
            shows.then(String::new)
        },
        usually: "What you sent does not begin with the tag of field 16. A tag is made of the field's number in the \
                 contract, not of its position in the message: shift the number left by 3, `ZIGZAG << 3`, and leave \
                 the lowest three bits 0. That is 128, which takes two bytes as a varint.",
    },
    Diagnosis {
        name: "sign-not-copied",
        seen: |evidence| {
            let shows = {
                let mut negative = values(evidence)
                    .filter(|(number, _)| *number < 0)
                    .peekable();
                let logical = |number: i32| (number as u32) << 1 ^ 1;
                negative.peek().is_some()
                    && negative.all(|(number, value)| value == u64::from(logical(number)))
            };
            shows.then(String::new)
        },
        usually: "In the zigzag of your negative numbers, all bits but the lowest stayed as they were. The right side \
                 of the `^` must be all ones for a negative number. `>>` fills with copies of the sign in an i32, and \
                 with zeros in a u32: so shift first, `n >> 31`, and cast afterwards.",
    },
    Diagnosis {
        name: "widened-with-its-sign",
        seen: |evidence| {
            let shows = {
                values(evidence).any(|(number, value)| {
                    value > u64::from(u32::MAX) && u64::from(value as u32) == zigzag(number)
                })
            };
            shows.then(String::new)
        },
        usually: "A large number became ten bytes. Its zigzag has the highest of 32 bits set, so as an i32 it is \
                 negative, and a cast to 64 bits fills up with ones. Cast it to u32 first: `as u32`, and then to \
                 whatever you write it from.",
    },
    Diagnosis {
        name: "not-zigzagged",
        seen: |evidence| {
            let shows = {
                values(evidence).any(|(number, value)| number < 0 && value as u32 == number as u32)
            };
            shows.then(String::new)
        },
        usually: "You sent a negative number as it is. A sint32 is zigzagged before it becomes a varint, so that -1 is \
                 1 and -2 is 3: `(n << 1) ^ (n >> 31)`.",
    },
];

/// The numbers that the peer sent.
fn peer_numbers(evidence: &Evidence<'_>) -> impl Iterator<Item = i32> {
    let peer_sent = evidence.peer_sent();
    peer_sent.filter_map(|bytes| Reading::decode(bytes).ok()?.plain)
}

/// Each number with what was reported of it.
fn read(evidence: &Evidence<'_>) -> impl Iterator<Item = (i32, i32)> {
    let lines = evidence.reported().map(str::parse);
    peer_numbers(evidence)
        .zip(lines)
        .filter_map(|(number, reported)| Some((number, reported.ok()?)))
}

/// Each number with the message that was sent for it.
fn fields<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = (i32, &'a [u8])> {
    peer_numbers(evidence).zip(evidence.sent())
}

/// Each number with the last varint of the message that was sent for it.
fn values(evidence: &Evidence<'_>) -> impl Iterator<Item = (i32, u64)> {
    fields(evidence).filter_map(|(number, bytes)| Some((number, *varints(bytes)?.last()?)))
}

/// The bytes as one varint after the other, at least one. None where the last does not end.
fn varints(mut bytes: &[u8]) -> Option<Vec<u64>> {
    let mut varints = vec![decode_varint(&mut bytes).ok()?];
    while !bytes.is_empty() {
        varints.push(decode_varint(&mut bytes).ok()?);
    }
    Some(varints)
}

/// The groups of 7 bits in which the peer wrote a number, in their order.
fn groups(number: i32) -> impl Iterator<Item = u8> {
    let mut bytes = Vec::new();
    encode_varint(i64::from(number) as u64, &mut bytes);
    bytes.into_iter().map(|byte| byte & 0x7f)
}

/// A number that was read with its first group at the top.
fn read_reversed(number: i32) -> i32 {
    groups(number).fold(0, |read, group| read << 7 | i32::from(group))
}

/// A number that was read into 32 bits, where a shift by 35 is one by 3.
fn read_in_32_bits(number: i32) -> i32 {
    let shifts = (0..).step_by(7);
    groups(number).zip(shifts).fold(0, |read, (group, shift)| {
        read | i32::from(group).wrapping_shl(shift)
    })
}

fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)) as u32)
}

fn needs_all_bits(number: i32) -> bool {
    zigzag(number) > i32::MAX as u64
}

/// The field as a right program sends it.
fn field(number: i32) -> Vec<u8> {
    let mut bytes = ZIGZAG_TAG.to_vec();
    encode_varint(zigzag(number), &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use checks::testing::{named, run};
    use stage::End;

    /// A loop that waits for an i32 to become 0 by `>>`. As a variant it would fill the memory until the stage ends it.
    #[test]
    fn endless_loop_over_a_large_number_is_named() {
        let reading = |plain| Reading {
            plain: Some(plain),
            ..Default::default()
        };
        for (second, name) in [
            (1_900_000_000, Some("high-bit-taken-for-a-sign")),
            (28, None),
        ] {
            let bytes = vec![
                (Side::Server, reading(-40).encode_to_vec()),
                (Side::Client, field(-40)),
                (Side::Server, reading(second).encode_to_vec()),
            ];
            let mut run = run(bytes, &["-40".to_owned()]);
            run.end = End::Hung;
            assert_eq!(named(DIAGNOSES, &run), name);
        }
    }
}
