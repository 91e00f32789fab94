//! protobuf.4: four numbers as int32, small and large, positive and negative, to be sent back as sint32.

use anyhow::Result;
use prost::Message;
use prost::encoding::decode_varint;
use proto::reading::v1::Reading;
use tap::Side;

use crate::diagnosis::{Diagnosis, Evidence};
use crate::inputs::Source;
use crate::scenario::{Form, Inputs, Peer, Scenario};

/// The scenario.
pub(crate) struct Varint;

#[tonic::async_trait]
impl Scenario for Varint {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn form(&self, _: Side, _: usize) -> Form {
        Form::Bytes("reading.v1.Reading")
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(40);
        let mut numbers = [
            generator.i32(1..64),
            generator.i32(200..8_000),
            -generator.i32(1..64),
            -generator.i32(5_000..100_000),
        ];
        generator.shuffle(&mut numbers);
        let reading = |plain| Reading {
            plain,
            ..Default::default()
        };
        let readings = numbers.map(|number| reading(number).encode_to_vec());
        Ok(Inputs {
            given: readings.into_iter().enumerate().collect(),
            ..Inputs::default()
        })
    }
}

pub(crate) const VARINT: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        shows: |evidence| !evidence.panicked() && evidence.sent().next().is_none(),
        advice: "Your program sent the peer nothing. Hand the bytes of the field, its key and its number, to \
                 `peer.send(...)`.",
    },
    Diagnosis {
        name: "ten-bytes-in-32-bits",
        shows: |evidence| {
            let numbers = given(evidence).zip(evidence.reported());
            evidence.panicked()
                || numbers
                    .filter(|(number, _)| *number < 0)
                    .any(|(number, line)| number.to_string() != line)
        },
        advice: "You read a negative number into 32 bits. An int32 that is negative is written as 64 bits, ten bytes of 7 \
                 bits: the shift goes past 31. Gather the bits in a u64 and cast at the end, `as i32`.",
    },
    Diagnosis {
        name: "key-missing",
        shows: |evidence| {
            let fields = given(evidence).zip(evidence.sent());
            fields
                .filter_map(|(number, bytes)| Some((number, varints(bytes)?)))
                .any(|(number, varints)| varints == [zigzag(number)])
        },
        advice: "You sent the number alone. In front of each field stands its key, a varint too, or the reader cannot tell \
                 which field it is: `ZIGZAG << 3`, where the lowest three bits, 0, mean \"a varint follows\".",
    },
    Diagnosis {
        name: "last-byte-missing",
        shows: |evidence| {
            let whole = |bytes: &[u8]| bytes.iter().filter(|byte| **byte < 0x80).count() == 2;
            evidence.sent().any(|bytes| !whole(bytes))
        },
        advice: "A varint that you sent does not end. The top bit says that more bytes follow, so the last byte has it \
                 clear: after the loop over `left >= 0x80`, push what is left, even if it is 0.",
    },
    Diagnosis {
        name: "tag-confused",
        shows: |evidence| {
            let mut keys = evidence.sent().filter_map(|bytes| Some(varints(bytes)?[0]));
            keys.any(|key| key != 16 << 3)
        },
        advice: "The key that you sent does not name field 16. A key is the field's number in the contract, neither its \
                 position in the message nor the byte itself: shift it left by 3, `ZIGZAG << 3`, which is 128 and takes two \
                 bytes.",
    },
    Diagnosis {
        name: "not-zigzagged",
        shows: |evidence| {
            let fields = given(evidence).zip(evidence.sent());
            fields
                .filter_map(|(number, bytes)| Some((number, *varints(bytes)?.last()?)))
                .any(|(number, value)| number < 0 && value as u32 == number as u32)
        },
        advice: "You sent a negative number as it is. A sint32 is zigzagged before it becomes a varint, so that -1 is 1 and \
                 -2 is 3: `((number << 1) ^ (number >> 31)) as u32`.",
    },
];

/// The numbers that the peer sent.
fn given(evidence: &Evidence<'_>) -> impl Iterator<Item = i32> {
    let given = evidence.given();
    given.filter_map(|bytes| Some(Reading::decode(bytes).ok()?.plain))
}

/// The bytes as one varint after the other, at least one. None where the last does not end.
fn varints(mut bytes: &[u8]) -> Option<Vec<u64>> {
    let mut varints = vec![decode_varint(&mut bytes).ok()?];
    while !bytes.is_empty() {
        varints.push(decode_varint(&mut bytes).ok()?);
    }
    Some(varints)
}

fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)) as u32)
}
