//! Numbers as int32, to be sent back as sint32: six that are drawn, and then those on both sides of each place where a
//! varint gets one byte longer, where the zigzagged number fills 32 bits, and where an i32 ends.

use anyhow::Result;
use prost::Message;
use prost::encoding::{decode_varint, encode_varint};
use proto::reading::v1::Reading;
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::Side;

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Varint;

/// Numbers that every run has. Each pair is the last of one length and the first of the next.
const BOUNDS: [i32; 24] = [
    // As an int32, where 7, 14, 21 and 28 bits are full.
    127,
    128,
    16_383,
    16_384,
    2_097_151,
    2_097_152,
    268_435_455,
    268_435_456,
    // Zigzagged, at the same places.
    -64,
    64,
    -8_192,
    8_192,
    -1_048_576,
    1_048_576,
    -134_217_728,
    134_217_728,
    // Zigzagged, the second two have the highest of 32 bits set.
    1_073_741_823,
    -1_073_741_824,
    1_073_741_824,
    -1_073_741_825,
    1,
    -1,
    i32::MIN,
    i32::MAX,
];

#[stage::async_trait]
impl Scenario for Varint {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, _: Side, _: usize) -> View {
        // The task asks for the shortest form, which leaves no choice.
        View::ExactBytes("reading.v1.Reading")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(40);
        // The book shows these, so they come first.
        let mut drawn = [
            generator.i32(1..64),
            generator.i32(200..8_000),
            -generator.i32(1..64),
            // Zigzagged, these two have the highest of 32 bits set.
            generator.i32(1_500_000_000..2_100_000_000),
            -generator.i32(1_500_000_000..2_100_000_000),
            0,
        ];
        generator.shuffle(&mut drawn);
        let mut bounds = BOUNDS;
        generator.shuffle(&mut bounds);
        let reading = |plain| Reading {
            plain: Some(plain),
            ..Default::default()
        };
        let numbers = drawn.into_iter().chain(bounds);
        let readings: Vec<_> = numbers
            .map(|number| reading(number).encode_to_vec())
            .collect();
        Ok(Inputs {
            settings: [("readings".to_owned(), readings.len().to_string())].into(),
            peer_sent: readings.into_iter().enumerate().collect(),
            ..Inputs::default()
        })
    }
}

/// The tag of field 16 as a varint.
const ZIGZAG_TAG: [u8; 2] = [0x80, 1];

/// What the tag of field 16 says.
const ZIGZAG_KEY: u64 = 16 << 3;

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "received-in-function",
        seen: |evidence| {
            let results: Vec<_> = evidence.reported().map(str::to_owned).collect();
            let every_second = peer_numbers(evidence)
                .step_by(2)
                .map(|number| number.to_string());
            let shows = evidence.did_not_finish() && results.len() > 1;
            (shows && every_second.take(results.len()).eq(results.iter().cloned())).then(|| {
                format!(
                    "Your function returned {} times and then no more, and its results are those of every second \
                     reading.",
                    results.len()
                )
            })
        },
        usually: "Usually the function calls `peer.receive()` itself, and waits in the end for a reading that never comes. \
                 It is given each reading in `bytes`, and the peer sends no answer.",
    },
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let returned = evidence.reported().count();
            let shows = !evidence.stopped() && returned > 0 && evidence.sent().next().is_none();
            shows.then(|| {
                format!(
                    "Your function returned {returned} numbers, and nothing was sent to the peer."
                )
            })
        },
        usually: "Usually the bytes are made and not handed over. Hand the bytes of the field, its tag and its number, \
                 to `peer.send(...)`.",
    },
    Diagnosis {
        name: "groups-reversed",
        seen: |evidence| {
            misread(
                evidence,
                "its groups of 7 bits with the first one at the top",
                |number| vec![read_reversed(number)],
            )
        },
        usually: "Usually the bytes of the varint were read with the first one at the top. It is the other way round: \
                 the first byte holds the lowest 7 bits, the second the 7 bits above them, and so on. Shift each byte's \
                 bits by 7 times its index.",
    },
    Diagnosis {
        name: "ten-bytes-in-32-bits",
        seen: |evidence| {
            let panic = evidence.panic().unwrap_or_default();
            let turn = turn(evidence).filter(|turn| turn.number < 0);
            match turn {
                Some(turn) if panic.contains("shift left with overflow") => Some(format!(
                    "Your program panicked at reading {}, which is {} in ten bytes: {panic}.",
                    turn.at, turn.number
                )),
                _ => misread(
                    evidence,
                    "its ten groups of 7 bits put into 32 bits",
                    |number| vec![read_in_32_bits(number)],
                ),
            }
        },
        usually: "Usually a negative number was read into 32 bits. An int32 that is negative is written as 64 bits, ten \
                 bytes of 7 bits: the shift goes past 31. Gather the bits in a u64 and cast at the end, `as i32`.",
    },
    Diagnosis {
        name: "top-bit-kept",
        seen: |evidence| {
            misread(
                evidence,
                "its bytes put together with their top bits",
                read_with_top_bits,
            )
        },
        usually: "Usually the top bit of each byte was not cleared. It says only whether more bytes follow, and is not \
                 part of the number: `byte & 0x7f` is what to shift.",
    },
    Diagnosis {
        name: "zigzag-returned",
        seen: |evidence| {
            misread(evidence, "the number zigzagged", |number| {
                vec![zigzag(number) as u32 as i32]
            })
        },
        usually: "Usually the variable with the zigzagged number was returned. Return the number that was read.",
    },
    Diagnosis {
        name: "shifted-by-8",
        seen: |evidence| {
            misread(
                evidence,
                "its groups of 7 bits, each 8 bits above the one before",
                read_shifted_by_8,
            )
        },
        usually: "Usually each byte was shifted by 8 times its index. A byte of a varint holds 7 bits of the number.",
    },
    Diagnosis {
        name: "high-bits-cut",
        seen: |evidence| {
            let bits = |number: i32, returned: i32| {
                let cut = |bits: &u32| i64::from(returned) == i64::from(number) & ((1 << bits) - 1);
                (7..32).find(cut)
            };
            let all_cut = wrong_results(evidence)
                .all(|(_, number, returned)| bits(number, returned).is_some());
            let (at, number, returned) = wrong_results(evidence).next().filter(|_| all_cut)?;
            let bits = bits(number, returned)?;
            Some(format!(
                "Reading {at} is {number}, and your function returned {returned}, which is its lowest {bits} bits."
            ))
        },
        usually: "Usually the loop over the bytes ends too early, or the bits are gathered in a type that is too narrow. \
                 A number of 32 bits takes up to five bytes, and a negative one ten.",
    },
    Diagnosis {
        name: "arithmetic-overflow",
        seen: |evidence| {
            let panic = evidence.panic().unwrap_or_default();
            let shows = panic.starts_with("attempt to") && panic.ends_with("overflow");
            let turn = turn(evidence).filter(|_| shows)?;
            Some(format!(
                "Your program panicked at reading {}, which is {}: {panic}.",
                turn.at, turn.number
            ))
        },
        usually: "A result did not fit into its type: look at the line of the panic. While reading, remember that a \
                  negative int32 has 64 bits. For the zigzag, remember that twice a large number does not fit into \
                  an i32. Shifts by less than the width, `|` and `^` drop what does not fit; `+`, `-` and `*` panic.",
    },
    Diagnosis {
        name: "misread",
        seen: |evidence| {
            let (at, number, returned) = wrong_results(evidence).next()?;
            Some(format!(
                "Reading {at} is {number}, and your function returned {returned}."
            ))
        },
        usually: "Take this number, write down its bytes from the transcript, and follow your code through them: 7 bits of \
                 each byte, the lowest first, in 64 bits.",
    },
    Diagnosis {
        name: "two-sends",
        seen: |evidence| {
            let (sent, returned) = (evidence.sent().count(), evidence.reported().count());
            let numbers: Vec<_> = peer_numbers(evidence).take(returned).collect();
            let joined = evidence.sent().collect::<Vec<_>>().concat();
            let right: Vec<u8> = numbers.into_iter().flat_map(field).collect();
            if sent > returned && returned > 0 && joined == right {
                return Some(format!(
                    "Your program sent {sent} messages for {returned} readings. Joined, their bytes are right."
                ));
            }
            if sent <= returned {
                return None;
            }
            let sent: Vec<_> = evidence.sent().collect();
            let apart = |pair: &[&[u8]]| {
                let one = |bytes| varints(bytes).is_some_and(|values| values.len() == 1);
                pair[0] == ZIGZAG_TAG && pair[1] != ZIGZAG_TAG && one(pair[1])
            };
            let at = 1 + sent.windows(2).position(apart)?;
            Some(format!(
                "Your message {at} is the tag alone, and message {} is one varint, `{}`.",
                at + 1,
                hexadecimal(sent[at])
            ))
        },
        usually: "Usually the tag and the number were sent one by one. To the peer, each `peer.send` is a separate \
                 message, and a tag alone is not a message. Put all bytes into one Vec, the tag first, and send that.",
    },
    Diagnosis {
        name: "zero-left-out",
        seen: |evidence| {
            let others: Vec<_> = peer_numbers(evidence)
                .filter(|number| *number != 0)
                .collect();
            let sent: Vec<_> = evidence.sent().collect();
            let right = |(number, sent): (&i32, &&[u8])| *sent == field(*number);
            if others.len() == sent.len() && others.iter().zip(&sent).all(right) {
                return Some("Every reading but the one that is 0 was answered.".to_owned());
            }
            let whole =
                |bytes: &&[u8]| bytes.starts_with(&ZIGZAG_TAG) && bytes.len() > ZIGZAG_TAG.len();
            if !sent.iter().any(whole) {
                return None;
            }
            written(evidence, |number, bytes| {
                let empty = number == 0 && (bytes == ZIGZAG_TAG || bytes.is_empty());
                empty.then(|| "it has no byte for the number".to_owned())
            })
        },
        usually: "Usually a loop that runs while something is left of the number writes no byte for 0. As a varint, 0 \
                 is one byte, `00`: write the last group even if it is 0. The field is `optional`, so its 0 is sent \
                 like any other number.",
    },
    Diagnosis {
        name: "tag-missing",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let alone = *bytes == field(number)[ZIGZAG_TAG.len()..];
                alone.then(|| "it is the zigzagged number without a tag".to_owned())
            })
        },
        usually: "In front of each field stands its tag, a varint too, or the reader cannot tell which field it is: \
                 `ZIGZAG << 3`, where the lowest three bits, 0, mean \"a varint follows\".",
    },
    Diagnosis {
        name: "tag-in-one-byte",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let number = &field(number)[ZIGZAG_TAG.len()..];
                let shows = bytes.strip_prefix(&ZIGZAG_TAG[..1]) == Some(number);
                shows.then(|| "in front of the zigzagged number stands one byte, `80`".to_owned())
            })
        },
        usually: "Usually the tag was written as one byte. It is a varint as well: `ZIGZAG << 3` is 128, which does not \
                 fit into 7 bits, so it takes two bytes, `80 01`. Write it in the same way as the number.",
    },
    Diagnosis {
        name: "sign-not-copied",
        seen: |evidence| {
            let answers = answers(evidence);
            let mut negative = answers.iter().filter(|answer| answer.number < 0).peekable();
            negative.peek()?;
            let logical = |number: i32| (number as u32) << 1 ^ 1;
            negative
                .all(|answer| answer.value() == Some(u64::from(logical(answer.number))))
                .then_some(())?;
            written(evidence, |number, bytes| {
                let shows = number < 0 && number != -1;
                let value = varints(bytes)?.last().copied()?;
                shows.then(|| format!("its number is {value}, which is `(n << 1) ^ 1`"))
            })
        },
        usually: "Usually the zigzag of a negative number lost its sign: all bits but the lowest stayed as they were. \
                 The right side of the `^` must be all ones for a negative number. `>>` fills with copies of the sign in \
                 an i32, and with zeros in a u32: so shift first, `n >> 31`, and cast afterwards.",
    },
    Diagnosis {
        name: "high-bit-taken-for-a-sign",
        seen: |evidence| {
            let in_loop =
                evidence.did_not_finish() && evidence.sent().count() == evidence.reported().count();
            let stuck = turn(evidence).filter(|turn| in_loop && needs_all_bits(turn.number));
            if let Some(turn) = stuck {
                return Some(format!(
                    "Your function did not return from reading {}, {}, which is {} zigzagged: the highest of 32 bits \
                     is set.",
                    turn.at,
                    turn.number,
                    zigzag(turn.number)
                ));
            }
            let answers = answers(evidence);
            let mut wrong = answers
                .iter()
                .filter(|answer| answer.bytes != field(answer.number));
            if !wrong.all(|answer| needs_all_bits(answer.number)) {
                return None;
            }
            written(evidence, |number, bytes| {
                let rest = bytes.strip_prefix(&ZIGZAG_TAG)?;
                (needs_all_bits(number) && rest.len() <= 1).then(|| {
                    format!(
                        "zigzagged, the number is {}, which takes five bytes",
                        zigzag(number)
                    )
                })
            })
        },
        usually: "Usually a large number goes wrong while it is written, because its zigzag has the highest of its 32 \
                 bits set. In an i32 it is negative: it is less than 128, and `>>` brings in ones. Cast it, `as u32`, \
                 before you take it apart.",
    },
    Diagnosis {
        name: "highest-group-first",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let rest = bytes.strip_prefix(&ZIGZAG_TAG)?;
                let low = |bytes: &[u8]| bytes.iter().map(|byte| byte & 0x7f).collect::<Vec<_>>();
                let (right, mut reversed) = (low(&field(number)[ZIGZAG_TAG.len()..]), low(rest));
                reversed.reverse();
                let shows = right == reversed && right != low(rest);
                shows.then(|| {
                    "its groups of 7 bits are right, and stand in the opposite order".to_owned()
                })
            })
        },
        usually: "Usually the highest bits were written first. In a varint the lowest 7 bits come first. Take \
                 `left & 0x7f` each time, and shift what is left to the right by 7.",
    },
    Diagnosis {
        name: "fixed-width",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let mut rest = bytes;
                decode_varint(&mut rest).ok()?;
                let of = |value: u32| [value.to_le_bytes(), value.to_be_bytes()];
                let fixed = [of(number as u32), of(zigzag(number) as u32)].concat();
                let width = rest.len();
                fixed.iter().any(|fixed| rest == fixed).then(|| {
                    format!("behind the first varint, the number stands in {width} bytes of 8 bits")
                })
            })
        },
        usually: "Usually the number was written with `to_le_bytes` or `to_be_bytes`. A varint has 7 bits of the number in \
                 each byte, the lowest first, and as many bytes as it needs.",
    },
    Diagnosis {
        name: "wire-type-confused",
        seen: |evidence| {
            written(evidence, |_, mut bytes| {
                let tag = decode_varint(&mut bytes).ok()?;
                let wire_type = tag & 7;
                (tag >> 3 == 16 && wire_type != 0).then(|| {
                    format!("its tag, {tag}, has the wire type {wire_type}, and a varint has 0")
                })
            })
        },
        usually: "The lowest three bits of a tag are the wire type. A sint32 is a varint, whose wire type is 0, so they stay \
                 as the shift leaves them: `ZIGZAG << 3`.",
    },
    Diagnosis {
        name: "last-byte-missing",
        seen: |evidence| {
            written(evidence, |_, bytes| {
                let rest = bytes.strip_prefix(&ZIGZAG_TAG).unwrap_or(bytes);
                let last = rest.last()?;
                let open = rest.iter().all(|byte| *byte >= 0x80);
                open.then(|| {
                    format!("the top bit of its last byte, `{last:02x}`, says that more follow")
                })
            })
        },
        usually: "Usually the loop that writes a varint stops before its last byte. The last byte has its top bit clear. \
                 When what is left of the number fits into 7 bits, write it too, without the top bit.",
    },
    Diagnosis {
        name: "tag-behind",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let right = field(number);
                let (tag, number) = right.split_at(ZIGZAG_TAG.len());
                (bytes == [number, tag].concat())
                    .then(|| "the number stands in front of the tag".to_owned())
            })
        },
        usually: "A reader needs the tag first, to know what follows. Write the tag, and then the number.",
    },
    Diagnosis {
        name: "tag-confused",
        seen: |evidence| {
            let begin = |bytes: &[u8]| Some(varints(bytes)?[0]);
            let mut tags = evidence.sent().map(begin).enumerate();
            let (index, tag) =
                tags.find_map(|(index, tag)| Some((index, tag.filter(|tag| *tag != ZIGZAG_KEY)?)))?;
            Some(format!(
                "Your message {} begins with the varint {tag}. The tag of field 16 is {ZIGZAG_KEY}.",
                index + 1
            ))
        },
        usually: "A tag is made of the field's number in the contract, not of its position in the message: shift the \
                 number left by 3, `ZIGZAG << 3`, and leave the lowest three bits 0. That is 128, which takes two bytes \
                 as a varint.",
    },
    Diagnosis {
        name: "widened-with-its-sign",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let value = varints(bytes)?.last().copied()?;
                let shows =
                    value > u64::from(u32::MAX) && u64::from(value as u32) == zigzag(number);
                shows.then(|| format!("its number is {value}, which has more than 32 bits"))
            })
        },
        usually: "Usually a large number became ten bytes. Its zigzag has the highest of 32 bits set, so as an i32 it \
                 is negative, and a cast to 64 bits fills up with ones. Cast it to u32 first: `as u32`, and then to \
                 whatever you write it from.",
    },
    Diagnosis {
        name: "not-zigzagged",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let value = varints(bytes)?.last().copied()?;
                let shows = number != 0 && value as u32 == number as u32;
                shows.then(|| {
                    format!(
                        "its number is {number} as it is, and {} zigzagged",
                        zigzag(number)
                    )
                })
            })
        },
        usually: "A sint32 is zigzagged before it becomes a varint, so that -1 is 1, 1 is 2, and -2 is 3: \
                 `(n << 1) ^ (n >> 31)`.",
    },
    Diagnosis {
        name: "zigzag-off-by-one",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let value = varints(bytes)?.last().copied()?;
                let right = zigzag(number);
                let shows = number != 0 && (1..=2).contains(&value.abs_diff(right));
                shows.then(|| format!("its number is {value}, and the zigzag is {right}"))
            })
        },
        usually: "Usually the zigzag of one sign is right and that of the other is not. A negative number n becomes \
                 -2n - 1, which is odd, and one that is not negative becomes 2n: `(n << 1) ^ (n >> 31)` does both.",
    },
    Diagnosis {
        name: "longer-than-needed",
        seen: |evidence| {
            written(evidence, |number, bytes| {
                let right = field(number);
                let same = varints(bytes)? == varints(&right)? && bytes.len() > right.len();
                same.then(|| {
                    format!(
                        "its numbers are right, and {} bytes are enough for them",
                        right.len()
                    )
                })
            })
        },
        usually: "Usually the loop that writes a varint goes on with groups that are 0. A reader would get the same \
                 number, and more bytes than needed. Stop when what is left fits into 7 bits.",
    },
    Diagnosis {
        name: "miswritten",
        seen: |evidence| {
            written(evidence, |number, _| {
                Some(format!("`{}` was expected", hexadecimal(&field(number))))
            })
        },
        usually: "Take this number, and follow your code: the zigzag first, then 7 bits for each byte, the lowest first, \
                 until what is left fits into 7 bits.",
    },
];

/// The numbers that the peer sent.
fn peer_numbers(evidence: &Evidence<'_>) -> impl Iterator<Item = i32> {
    let peer_sent = evidence.peer_sent();
    peer_sent.filter_map(|bytes| Reading::decode(bytes).ok()?.plain)
}

/// A reading, counted from 1.
struct Turn {
    at: usize,
    number: i32,
}

/// The reading that the program was called with and has not returned from, if the run ended in a call.
fn turn(evidence: &Evidence<'_>) -> Option<Turn> {
    let done = evidence.reported().count();
    let number = peer_numbers(evidence).nth(done)?;
    Some(Turn {
        at: done + 1,
        number,
    })
}

/// The readings of which another number was returned: which one, the number, and what was returned.
fn wrong_results(evidence: &Evidence<'_>) -> impl Iterator<Item = (usize, i32, i32)> {
    // Who receives in the function gets the readings out of step, and waits in the end.
    let lines = evidence
        .reported()
        .filter(|_| !evidence.did_not_finish())
        .map(str::parse::<i32>);
    let read = peer_numbers(evidence).zip(lines).enumerate();
    read.filter_map(|(index, (number, returned))| {
        let returned = returned.ok().filter(|returned| *returned != number)?;
        Some((index + 1, number, returned))
    })
}

/// The first result that is wrong, if all that are wrong are wrong in this way: one alone may be so by chance.
fn misread(evidence: &Evidence<'_>, how: &str, wrong: fn(i32) -> Vec<i32>) -> Option<String> {
    let all_so =
        wrong_results(evidence).all(|(_, number, returned)| wrong(number).contains(&returned));
    let (at, number, returned) = wrong_results(evidence).next().filter(|_| all_so)?;
    Some(format!(
        "Reading {at} is {number}, and your function returned {returned}, which is {how}."
    ))
}

/// A reading, counted from 1, with the message of the same place.
struct Answer<'a> {
    at: usize,
    number: i32,
    bytes: &'a [u8],
}

impl Answer<'_> {
    /// The last varint of the message.
    fn value(&self) -> Option<u64> {
        varints(self.bytes)?.last().copied()
    }
}

/// Each reading that was not misread, with the message that was sent for it. None where the program did not send one
/// message for each reading, since it is not known then which belongs to which.
fn answers<'a>(evidence: &Evidence<'a>) -> Vec<Answer<'a>> {
    let (sent, returned) = (evidence.sent().count(), evidence.reported().count());
    if evidence.did_not_finish() || sent != returned && sent != returned + 1 {
        return Vec::new();
    }
    let wrong: Vec<_> = wrong_results(evidence).map(|(at, ..)| at).collect();
    let pairs = peer_numbers(evidence).zip(evidence.sent()).enumerate();
    let answer = |(index, (number, bytes))| Answer {
        at: index + 1,
        number,
        bytes,
    };
    pairs
        .map(answer)
        .filter(|answer| !wrong.contains(&answer.at))
        .collect()
}

/// The first message that is wrong, with what `fault` says of its number and its bytes.
fn written(
    evidence: &Evidence<'_>,
    fault: impl Fn(i32, &[u8]) -> Option<String>,
) -> Option<String> {
    let answers = answers(evidence);
    let wrong = answers
        .iter()
        .filter(|answer| answer.bytes != field(answer.number));
    wrong
        .filter_map(|answer| Some((answer, fault(answer.number, answer.bytes)?)))
        .map(|(answer, fault)| {
            format!(
                "Reading {} is {}, and your message {} is `{}`: {fault}.",
                answer.at,
                answer.number,
                answer.at,
                hexadecimal(answer.bytes)
            )
        })
        .next()
}

/// How many bytes of a message are quoted.
const QUOTED_BYTES: usize = 16;

fn hexadecimal(bytes: &[u8]) -> String {
    let quoted = bytes.iter().take(QUOTED_BYTES);
    let mut quoted: Vec<_> = quoted.map(|byte| format!("{byte:02x}")).collect();
    if bytes.len() > QUOTED_BYTES {
        quoted.push("..".to_owned());
    }
    quoted.join(" ")
}

/// The bytes as one varint after the other, at least one. None where the last does not end.
fn varints(mut bytes: &[u8]) -> Option<Vec<u64>> {
    let mut varints = vec![decode_varint(&mut bytes).ok()?];
    while !bytes.is_empty() {
        varints.push(decode_varint(&mut bytes).ok()?);
    }
    Some(varints)
}

/// The bytes in which the peer wrote a number.
fn varint(number: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_varint(i64::from(number) as u64, &mut bytes);
    bytes
}

/// The groups of 7 bits in which the peer wrote a number, in their order.
fn groups(number: i32) -> impl Iterator<Item = u8> {
    varint(number).into_iter().map(|byte| byte & 0x7f)
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

/// A number that was read with a shift of 8 bits for each byte, in 32 or in 64 bits.
fn read_shifted_by_8(number: i32) -> Vec<i32> {
    let shifted = groups(number)
        .zip(0_u32..)
        .map(|(group, index)| u128::from(group) << (8 * index));
    let read = shifted.fold(0, |read, part| read | part);
    vec![read as i32]
}

/// A number that was read with the top bits of its bytes: put together, and added up.
fn read_with_top_bits(number: i32) -> Vec<i32> {
    let shifted = |(byte, shift): (u8, u32)| u128::from(byte) << shift;
    let parts: Vec<_> = varint(number)
        .into_iter()
        .zip((0_u32..).step_by(7))
        .map(shifted)
        .collect();
    let together = parts.iter().fold(0, |read, part| read | part);
    let sum: u128 = parts.iter().sum();
    vec![together as i32, sum as i32]
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
            run.end = End::Hung(Default::default());
            assert_eq!(named(DIAGNOSES, &run), name);
        }
    }
}
