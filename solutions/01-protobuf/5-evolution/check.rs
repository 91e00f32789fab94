//! An old program gets tasks from four writers: one of its own version; one of the next, with fields that it
//! does not know, of which even the course's own contract knows only one; and two that gave old numbers new meanings.
//!
//! What it sends is compared by its fields, since a stamp may stand anywhere among them.

use std::collections::BTreeSet;

use anyhow::Result;
use prost::Message;
use prost::encoding::{DecodeContext, decode_key, skip_field, string};
use proto::evolution::{reused, v1, v2};
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::Side;

use checks::Diagnosis;

/// The scenario.
pub(crate) struct Evolution;

#[stage::async_trait]
impl Scenario for Evolution {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, index: usize) -> View {
        let name = match index {
            0 => "evolution.v1.ReviewTask",
            1 => "evolution.v2.ReviewTask",
            _ => "evolution.reused.ReviewTask",
        };
        match from {
            Side::Client => View::Fields(name),
            Side::Server => View::Bytes(name),
        }
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(50);
        let ids = source.ids(4)?;
        let mut labels = ["blurred", "foreign", "handwritten", "urgent"].map(str::to_owned);
        generator.shuffle(&mut labels);
        let mut people = ["Ada Moreau", "Ben Okafor", "Ines Duarte", "Yuki Mori"];
        generator.shuffle(&mut people);
        let reasons = ["no signature", "page 2 is missing", "wrong customer"];
        let teams = ["contracts", "night shift", "payables"];

        let same_version = v1::ReviewTask {
            document_id: ids[0].clone(),
            priority: generator.i32(1..5),
            reviewer: people[0].to_owned(),
            labels: labels[..2].to_vec(),
            handled_by: "intake".to_owned(),
        };
        let mut newer = v2::ReviewTask {
            document_id: ids[1].clone(),
            priority: generator.i32(1..5),
            labels: labels[1..3].to_vec(),
            handled_by: "intake".to_owned(),
            team: teams[generator.usize(0..3)].to_owned(),
        }
        .encode_to_vec();
        let number = generator.u32(20..100);
        string::encode(number, &people[1].to_owned(), &mut newer);
        let misread = reused::ReviewTask {
            document_id: ids[2].clone(),
            reason: reasons[generator.usize(0..3)].to_owned(),
            labels: labels[2..].to_vec(),
            ..Default::default()
        };
        let unreadable = reused::ReviewTask {
            document_id: ids[3].clone(),
            urgency: ["high", "low"][generator.usize(0..2)].to_owned(),
            ..Default::default()
        };
        let tasks = [
            same_version.encode_to_vec(),
            newer,
            misread.encode_to_vec(),
            unreadable.encode_to_vec(),
        ];
        let program = format!("relay-{}", generator.u32(10..100));
        Ok(Inputs {
            peer_sent: tasks.into_iter().enumerate().collect(),
            settings: [("program".to_owned(), program)].into(),
            ..Inputs::default()
        })
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let shows = !evidence.stopped() && evidence.sent().next().is_none();
            shows.then(String::new)
        },
        usually: "Your program passed nothing on. Hand the bytes of each task that it can decode to `peer.send(...)`.",
    },
    Diagnosis {
        name: "decode-unwrapped",
        seen: |evidence| {
            let shows = {
                // The task that it was working on: each task is reported once it is done.
                let task = evidence.peer_sent().nth(evidence.reported().count());
                evidence.panicked()
                    && task.is_some_and(|task| v1::ReviewTask::decode(task).is_err())
            };
            shows.then(String::new)
        },
        usually: "Your program panicked on a task that it cannot decode: somebody gave the number of an int32 to a \
                 string. Such a message may come at any time; return the error with `?`.",
    },
    Diagnosis {
        name: "two-sends",
        seen: |evidence| {
            let shows = {
                let stamp_alone = |bytes| numbers(bytes) == BTreeSet::from([HANDLED_BY_FIELD]);
                let unchanged =
                    |bytes: &[u8]| evidence.peer_sent().any(|received| received == bytes);
                evidence.sent().any(stamp_alone) && evidence.sent().any(unchanged)
            };
            shows.then(String::new)
        },
        usually: "You sent the task and your stamp one by one. To the peer, each `peer.send` is a separate message: it \
                 got a task without your stamp, and another one with nothing but the stamp. Join the bytes, and send \
                 them in one `send`.",
    },
    Diagnosis {
        name: "unreadable-passed-on",
        seen: |evidence| {
            let shows = evidence.sent().count() == evidence.peer_sent().count();
            shows.then(String::new)
        },
        usually: "You passed on a task that you could not decode. Decode first, with `?`, so that nothing is sent if \
                 that fails.",
    },
    Diagnosis {
        name: "unknown-fields-dropped",
        seen: |evidence| {
            let shows = {
                let mut passed = evidence.peer_sent().zip(evidence.sent());
                passed.any(|(received, sent)| !numbers(received).is_subset(&numbers(sent)))
            };
            shows.then(String::new)
        },
        usually: "A task lost fields on its way through your program: those that version 1 does not know. prost drops \
                 them in `decode`, so they cannot be in what you encode. Send the bytes that came, with your field \
                 after them, in one `send`.",
    },
    Diagnosis {
        name: "labels-doubled",
        seen: |evidence| {
            let shows = {
                let labels =
                    |bytes| v1::ReviewTask::decode(bytes).map_or(0, |task| task.labels.len());
                let mut passed = evidence.peer_sent().zip(evidence.sent());
                passed.any(|(received, sent)| labels(sent) > labels(received))
            };
            shows.then(String::new)
        },
        usually: "The labels of a task are there twice. Where two encoded messages stand one after the other, lists are \
                 joined: what you append must hold `handled_by` and nothing else.",
    },
    Diagnosis {
        name: "stamp-missing",
        seen: |evidence| {
            let shows = {
                let stamp = |bytes| v1::ReviewTask::decode(bytes).map(|task| task.handled_by);
                let mut passed = evidence.peer_sent().zip(evidence.sent());
                passed.any(|(received, sent)| stamp(received) == stamp(sent))
            };
            shows.then(String::new)
        },
        usually: "A task that you passed on still names the program that had it before. Set `handled_by`. If a field is \
                 there twice, the last one counts, so yours must come after the one that was there.",
    },
];

/// The number of `handled_by`.
const HANDLED_BY_FIELD: u32 = 5;

/// The numbers of the fields in these bytes.
fn numbers(bytes: &[u8]) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    let mut rest = bytes;
    while let Ok((number, wire_type)) = decode_key(&mut rest) {
        numbers.insert(number);
        if skip_field(wire_type, number, &mut rest, DecodeContext::default()).is_err() {
            break;
        }
    }
    numbers
}
