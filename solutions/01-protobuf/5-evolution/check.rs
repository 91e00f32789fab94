//! An old program gets tasks from many writers: of its own version; of the next ones, with fields that it does not know, of
//! all wire types; of two that gave old numbers new meanings. Three of the tasks do not decode. The name to stamp is short
//! for most tasks, and of one byte more than a length of one byte can say, and of one less, and long for others.
//!
//! What it sends is compared by its fields, since a stamp may stand anywhere among them.

use std::collections::BTreeSet;

use anyhow::Result;
use prost::encoding::{self, WireType, encode_key, encode_varint};
use prost::{DecodeError, Message};
use proto::evolution::v1::ReviewTask;
use proto::evolution::{reused, v2};
use stage::{Inputs, Peer, Scenario, Source, View};
use tap::{Side, wire};

use checks::{Diagnosis, Evidence};

/// The scenario.
pub(crate) struct Evolution;

const V1: &str = "evolution.v1.ReviewTask";
const V2: &str = "evolution.v2.ReviewTask";
const REUSED: &str = "evolution.reused.ReviewTask";

/// By which contract each task is shown, and whether version 1 can decode it. In the order of [`tasks`].
const TASKS: [(&str, bool); 9] = [
    (V1, true),
    (V2, true),
    (REUSED, true),
    (REUSED, false),
    (V2, true),
    (V1, false),
    (V1, true),
    (V1, false),
    (V1, true),
];

#[stage::async_trait]
impl Scenario for Evolution {
    fn peer(&self) -> Peer {
        Peer::Bytes
    }

    fn view(&self, from: Side, index: usize) -> View {
        match from {
            // As a program of version 1 sees it: a field that is written out with its default is no difference then,
            // also where another contract gave its number away.
            Side::Client => View::Fields(V1),
            Side::Server => View::ExactBytes(TASKS.get(index).map_or(V1, |(contract, _)| contract)),
        }
    }

    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs> {
        let mut generator = source.seed.generator(50);
        let program = format!("relay-{}", generator.u32(10..100));
        let tasks = tasks(&source.ids(TASKS.len() - 1)?, &mut generator);
        let mut passed_on = 0;
        let mut peer_sent = Vec::new();
        for (task, (_, decodes)) in tasks.into_iter().zip(TASKS) {
            peer_sent.push((passed_on, task));
            passed_on += usize::from(decodes);
        }
        let programs = programs(&program, &mut generator).join(" ");
        Ok(Inputs {
            peer_sent,
            settings: [("programs".to_owned(), programs)].into(),
            ..Inputs::default()
        })
    }
}

/// The name that each task is to be stamped with: `program`, or one that begins with it. Those of some tasks have a
/// length that is a varint of two bytes.
fn programs(program: &str, generator: &mut fastrand::Rng) -> [String; TASKS.len()] {
    let mut names = [(); TASKS.len()].map(|()| program.to_owned());
    // The task with the most fields, the one that was stamped twice, and the one with nothing in it.
    for (task, length) in [(4, generator.usize(130..400)), (6, 128), (8, 127)] {
        let name = &mut names[task];
        name.push_str("-for");
        while name.len() < length {
            name.push_str(&format!("-desk-{}", generator.u32(10..100)));
        }
        name.truncate(length);
    }
    names
}

/// The numbers of `document_id`, `labels` and `handled_by`.
const DOCUMENT_ID_FIELD: u32 = 1;
const LABELS_FIELD: u32 = 4;
const HANDLED_BY_FIELD: u32 = 5;

/// The largest number that a field can have.
const LARGEST_FIELD: u32 = (1 << 29) - 1;

/// The tasks that the peer sends: about these documents, and one with nothing in it.
fn tasks(ids: &[String], generator: &mut fastrand::Rng) -> [Vec<u8>; TASKS.len()] {
    let id = |index: usize| ids[index].clone();
    let mut labels = ["blurred", "foreign", "handwritten", "urgent"].map(str::to_owned);
    generator.shuffle(&mut labels);
    let mut people = ["Ada Moreau", "Ben Okafor", "Ines Duarte", "Yuki Mori"].map(str::to_owned);
    generator.shuffle(&mut people);
    let mut programs = ["intake", "scanner", "sorter", "triage"].map(str::to_owned);
    generator.shuffle(&mut programs);
    let reasons = ["no signature", "page 2 is missing", "wrong customer"];
    let teams = ["contracts", "night shift", "payables"];

    let same_version = ReviewTask {
        document_id: id(0),
        priority: generator.i32(1..5),
        reviewer: people[0].clone(),
        labels: labels[..2].to_vec(),
        handled_by: programs[0].clone(),
    };
    let mut newer = v2::ReviewTask {
        document_id: id(1),
        priority: generator.i32(1..5),
        labels: labels[1..3].to_vec(),
        handled_by: programs[1].clone(),
        team: teams[generator.usize(0..3)].to_owned(),
    }
    .encode_to_vec();
    encoding::string::encode(generator.u32(20..100), &people[1], &mut newer);
    let misread = reused::ReviewTask {
        document_id: id(2),
        reason: reasons[generator.usize(0..3)].to_owned(),
        labels: labels[2..].to_vec(),
        ..Default::default()
    };
    let another_type = reused::ReviewTask {
        document_id: id(3),
        urgency: ["high", "low"][generator.usize(0..2)].to_owned(),
        ..Default::default()
    };
    let much_newer = much_newer(id(4), &programs[2], &labels[3], generator);
    let mut cut = ReviewTask {
        document_id: id(5),
        priority: generator.i32(1..5),
        handled_by: programs[3].clone(),
        ..Default::default()
    }
    .encode_to_vec();
    cut.pop();
    // The reviewer has the name of a program, and two programs have stamped it: one has appended its stamp.
    let stamped_twice = [
        ReviewTask {
            document_id: id(6),
            priority: -generator.i32(1..5),
            reviewer: programs[1].clone(),
            labels: [&labels[..3], &labels[..1]].concat(),
            handled_by: programs[0].clone(),
        },
        stamp(&programs[1]),
    ];
    let mut latin_1 = ReviewTask {
        document_id: id(7),
        handled_by: programs[2].clone(),
        ..Default::default()
    }
    .encode_to_vec();
    encoding::bytes::encode(LABELS_FIELD, &b"d\xe9chir\xe9".to_vec(), &mut latin_1);
    [
        same_version.encode_to_vec(),
        newer,
        misread.encode_to_vec(),
        another_type.encode_to_vec(),
        much_newer,
        cut,
        stamped_twice.map(|part| part.encode_to_vec()).concat(),
        latin_1,
        Vec::new(),
    ]
}

/// A task with unknown fields of every wire type that proto3 has, between the known ones. The name of the program before
/// stands in several places, and its whole field within two others, before it and behind it.
fn much_newer(
    document_id: String,
    program: &String,
    label: &String,
    generator: &mut fastrand::Rng,
) -> Vec<u8> {
    let mut numbers: Vec<_> = (7..3_000).collect();
    generator.shuffle(&mut numbers);
    let mut out = Vec::new();
    // A message, which has fields of the numbers that are known outside.
    encoding::message::encode(numbers[5], &stamp(program), &mut out);
    // Not the stamp, which would take the place of the same bytes if they were cut out.
    encoding::uint64::encode(LARGEST_FIELD, &generator.u64(1 << 40..), &mut out);
    encoding::string::encode(HANDLED_BY_FIELD, program, &mut out);
    encoding::string::encode(numbers[0], program, &mut out);
    encoding::string::encode(DOCUMENT_ID_FIELD, &document_id, &mut out);
    encoding::fixed64::encode(numbers[1], &generator.u64(1..), &mut out);
    encoding::string::encode(LABELS_FIELD, program, &mut out);
    encoding::string::encode(
        numbers[0],
        &format!("{program} {}", generator.u32(1..100)),
        &mut out,
    );
    encoding::fixed32::encode(numbers[2], &generator.u32(1..), &mut out);
    encoding::string::encode(LABELS_FIELD, label, &mut out);
    encoding::message::encode(numbers[3], &stamp(program), &mut out);
    encoding::string::encode(numbers[0], &String::new(), &mut out);
    // 0, which most writers leave out.
    encode_key(numbers[4], WireType::Varint, &mut out);
    encode_varint(0, &mut out);
    out
}

/// A message that has only `handled_by`.
fn stamp(program: &str) -> ReviewTask {
    ReviewTask {
        handled_by: program.to_owned(),
        ..Default::default()
    }
}

pub(crate) const DIAGNOSES: &[Diagnosis] = &[
    Diagnosis {
        name: "received-in-function",
        seen: |evidence| {
            let results: Vec<_> = evidence.reported().collect();
            let tasks = received(evidence)
                .into_iter()
                .step_by(2)
                .take(results.len());
            let every_second = tasks.map(|task| {
                task.decoded
                    .map_or(UNREADABLE.to_owned(), |task| line(&task))
            });
            let shows = evidence.did_not_finish() && results.len() > 1;
            (shows && every_second.eq(results.iter().copied())).then(|| {
                format!(
                    "Your function returned {} times and then no more, and its results are those of every second task.",
                    results.len()
                )
            })
        },
        usually: "Usually the function calls `peer.receive()` itself, and waits in the end for a task that never comes. It \
                 is given each task in `bytes`, and the peer sends no answer.",
    },
    Diagnosis {
        name: "nothing-sent",
        seen: |evidence| {
            let returned = evidence.reported().count();
            let shows = !evidence.stopped() && returned > 0 && evidence.sent().next().is_none();
            shows.then(|| {
                format!(
                    "Your function returned {returned} times, and nothing was sent to the peer."
                )
            })
        },
        usually: "Usually the bytes are made and not handed over. Hand the bytes of each task that decodes to \
                 `peer.send(...)`.",
    },
    Diagnosis {
        name: "decode-unwrapped",
        seen: |evidence| {
            let panic = evidence.panic()?;
            // The task that it was working on: each is reported once it is done.
            let task = received(evidence)
                .into_iter()
                .nth(evidence.reported().count())?;
            let error = task.decoded.as_ref().err()?;
            Some(format!(
                "Your program panicked at task {}, which does not decode ({error}): {panic}.",
                task.at
            ))
        },
        usually: "Usually the error of `decode` is unwrapped. Such a message may come at any time; return the error with \
                 `?`.",
    },
    Diagnosis {
        name: "two-sends",
        seen: |evidence| {
            let sent: Vec<_> = evidence.sent().collect();
            let tasks = received(evidence);
            if sent.len() <= tasks.iter().filter(|task| task.decoded.is_ok()).count() {
                return None;
            }
            let as_it_came = |bytes: &[u8]| {
                let readable = tasks.iter().filter(|task| task.decoded.is_ok());
                !bytes.is_empty() && readable.map(|task| task.bytes).any(|it| it == bytes)
            };
            let apart = |pair: &[&[u8]]| {
                as_it_came(pair[0]) && is_stamp(pair[1]) || is_stamp(pair[0]) && as_it_came(pair[1])
            };
            let at = 1 + sent.windows(2).position(apart)?;
            Some(format!(
                "One of your messages {at} and {} is a task as it came, and the other has `handled_by` only.",
                at + 1
            ))
        },
        usually: "Usually the task and the stamp were sent one by one. To the peer, each `peer.send` is a separate \
                 message: it got a task without your stamp, and another one with nothing but the stamp. Join the bytes, \
                 and send them in one `send`.",
    },
    Diagnosis {
        name: "unreadable-passed-on",
        seen: |evidence| {
            let tasks = received(evidence);
            let unreadable: Vec<_> = tasks.iter().filter(|task| task.decoded.is_err()).collect();
            for (index, sent) in evidence.sent().enumerate() {
                let holds = |task: &&&Task<'_>| {
                    sent.windows(task.bytes.len())
                        .any(|part| part == task.bytes)
                };
                if let Some(task) = unreadable.iter().find(holds) {
                    return Some(format!(
                        "Task {} does not decode, and your message {} holds its bytes.",
                        task.at,
                        index + 1
                    ));
                }
            }
            let sent = evidence.sent().count();
            let shows = sent == tasks.len() && !unreadable.is_empty();
            shows.then(|| {
                format!(
                    "Of {} tasks {} do not decode, and your program sent {sent} messages.",
                    tasks.len(),
                    unreadable.len()
                )
            })
        },
        usually: "Usually the task was sent before it was decoded, or a default took the place of one that does not \
                 decode. Decode first, with `?`, so that nothing is sent if that fails.",
    },
    Diagnosis {
        name: "error-swallowed",
        seen: |evidence| {
            returned(evidence).find_map(|(task, line)| {
                let error = task.decoded.as_ref().err().filter(|_| line != UNREADABLE)?;
                Some(format!(
                    "Task {} does not decode ({error}), and your function returned a task: {line}.",
                    task.at
                ))
            })
        },
        usually: "Usually a default, or what was read until then, took the place of the error. Whoever calls your \
                 function cannot tell it from a task. Return the error with `?`.",
    },
    Diagnosis {
        name: "task-refused",
        seen: |evidence| {
            returned(evidence).find_map(|(task, line)| {
                let shows = task.decoded.is_ok() && line == UNREADABLE;
                shows.then(|| {
                    format!(
                        "{} decodes, and your function returned an error.",
                        task.title()
                    )
                })
            })
        },
        usually: "Usually something other than `decode` refused the task. A message may have fields of any number and \
                 wire type, twice, in any order, or none at all.",
    },
    Diagnosis {
        name: "stamp-alone",
        seen: |evidence| {
            let empty = evidence.peer_sent().filter(|task| task.is_empty()).count();
            let alone = |(_, bytes): &(usize, &[u8])| is_stamp(bytes);
            let alone: Vec<_> = evidence.sent().enumerate().filter(alone).collect();
            let (index, _) = alone.first().filter(|_| alone.len() > empty)?;
            Some(format!(
                "Your message {} has `handled_by` and nothing else.",
                index + 1
            ))
        },
        usually: "Usually the small message with the stamp was sent without the bytes that came. It belongs behind them, \
                 in the same `send`.",
    },
    Diagnosis {
        name: "not-passed-on",
        seen: |evidence| {
            let ids: Vec<_> = evidence
                .sent()
                .filter_map(|sent| Some(ReviewTask::decode(sent).ok()?.document_id))
                .collect();
            if ids.len() != evidence.sent().count() {
                return None;
            }
            returned(evidence).find_map(|(task, _)| {
                let id = &task.decoded.as_ref().ok()?.document_id;
                (!ids.contains(id)).then(|| {
                    format!(
                        "{} decodes, and no message with its `document_id` was sent.",
                        task.title()
                    )
                })
            })
        },
        usually: "Usually a condition left the task out, or its `document_id` was lost. Each task that decodes is passed on, \
                 whatever it has or lacks.",
    },
    Diagnosis {
        name: "not-a-task",
        seen: |evidence| {
            let mut sent = evidence.sent().enumerate();
            sent.find_map(|(index, bytes)| {
                let error = ReviewTask::decode(bytes).err()?;
                Some(format!(
                    "Your message {} does not decode as a `ReviewTask`: {error}.",
                    index + 1
                ))
            })
        },
        usually: "Usually bytes were put in front of the fields, or some were cut out of their middle, or a length was \
                 written as one byte: from 128 on it is a varint of two. A field is its tag, its length if it has one, and \
                 its value; none of them can stand alone.",
    },
    Diagnosis {
        name: "unknown-fields-dropped",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let kept = numbers(sent);
                let lost = numbers(task.bytes).into_iter().find(|number| is_unknown(*number) && !kept.contains(number))?;
                Some(format!(
                    "{} came with field {lost}, which version 1 does not know, and was passed on without it.",
                    task.title()
                ))
            })
        },
        usually: "Usually what was decoded is encoded again. prost drops the fields that it does not know in `decode`, so \
                 they cannot be in what you encode. Send the bytes that came, with your field after them, in one `send`.",
    },
    Diagnosis {
        name: "labels-doubled",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let came = task.decoded.as_ref().ok()?.labels.len();
                let left = ReviewTask::decode(sent).ok()?.labels.len();
                (left > came).then(|| {
                    format!(
                        "{} came with {came} labels, and was passed on with {left}.",
                        task.title()
                    )
                })
            })
        },
        usually: "Usually the whole task was appended to its own bytes. Where two encoded messages stand one after the \
                 other, lists are joined: what you append must hold `handled_by` and nothing else.",
    },
    Diagnosis {
        name: "unknown-fields-changed",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let unknown = numbers(task.bytes).into_iter().filter(|number| is_unknown(*number));
                let changed = |number: &u32| fields(task.bytes, *number) != fields(sent, *number);
                let number = unknown.into_iter().find(changed)?;
                let (came, left) = (fields(task.bytes, number), fields(sent, number));
                Some(if came.len() == left.len() {
                    format!("Field {number} of {} was passed on with another value or in another order.", task.name())
                } else {
                    format!(
                        "{} came with field {number} {}, and was passed on with it {}.",
                        task.title(),
                        times(came.len()),
                        times(left.len())
                    )
                })
            })
        },
        usually: "Usually the unknown fields were written anew. A value depends on the wire type, and a field may be \
                 there several times. Pass on the bytes of a field, from its tag to its end, without reading them.",
    },
    Diagnosis {
        name: "stamp-missing",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let program = program(evidence, &task)?;
                let came = &task.decoded.as_ref().ok()?.handled_by;
                let left = ReviewTask::decode(sent).ok()?.handled_by;
                (left != program && left == *came).then(|| {
                    format!(
                        "{} was passed on with `handled_by` {}, as it came. `program` is {}.",
                        task.title(),
                        quoted(&left),
                        quoted(program)
                    )
                })
            })
        },
        usually: "Usually `handled_by` is not set for every task, or stands in the wrong place. If a field is there twice, \
                 the last one counts, so yours must come after the one that was there.",
    },
    Diagnosis {
        name: "stamp-differs",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let program = program(evidence, &task)?;
                let left = ReviewTask::decode(sent).ok()?.handled_by;
                (left != program).then(|| {
                    format!(
                        "{} was passed on with `handled_by` {}, and `program` is {}.",
                        task.title(),
                        quoted(&left),
                        quoted(program)
                    )
                })
            })
        },
        usually: "Usually the name was changed in place, or put together from two. Set `handled_by` to `program`, and to \
                 nothing else.",
    },
    Diagnosis {
        name: "known-field-changed",
        seen: |evidence| {
            passed_on(evidence).into_iter().find_map(|(task, sent)| {
                let mut due = task.decoded.clone().ok()?;
                program(evidence, &task)?.clone_into(&mut due.handled_by);
                let left = ReviewTask::decode(sent).ok().filter(|left| *left != due)?;
                Some(format!(
                    "What was due of {} is {}; you passed on {}.",
                    task.name(),
                    line_without_stamp(&due),
                    line_without_stamp(&left)
                ))
            })
        },
        usually: "Usually the message was put together from some of its fields, or changed by searching in its bytes. Take \
                 all the bytes that came, and append your field.",
    },
    Diagnosis {
        name: "stamp-returned",
        seen: |evidence| {
            returned(evidence).find_map(|(task, line_of_task)| {
                let program = program(evidence, &task)?;
                let decoded = task.decoded.as_ref().ok()?;
                let mut stamped = decoded.clone();
                program.clone_into(&mut stamped.handled_by);
                (stamped != *decoded && line_of_task == line(&stamped)).then(|| {
                    format!(
                        "{} came with `handled_by` {:?}, and your function returned it with {}.",
                        task.title(),
                        decoded.handled_by,
                        quoted(program)
                    )
                })
            })
        },
        usually: "Usually `handled_by` was set in the decoded task. Return it as it was decoded, and set `handled_by` in \
                 what is sent.",
    },
];

/// What is reported of a task that was not read.
const UNREADABLE: &str = "not readable";

/// What is reported of one that was.
fn line(task: &ReviewTask) -> String {
    let rest = line_without_stamp(task);
    format!("{rest}, handled by {:?}", task.handled_by)
}

fn line_without_stamp(task: &ReviewTask) -> String {
    format!(
        "document_id {:?}, priority {}, reviewer {:?}, labels {:?}",
        task.document_id, task.priority, task.reviewer, task.labels
    )
}

/// A task that the peer sent, counted from 1.
struct Task<'a> {
    at: usize,
    bytes: &'a [u8],
    decoded: Result<ReviewTask, DecodeError>,
}

impl Task<'_> {
    fn name(&self) -> String {
        match &self.decoded {
            Ok(task) if !task.document_id.is_empty() => {
                format!("task {}, {:?},", self.at, task.document_id)
            }
            _ => format!("task {}", self.at),
        }
    }

    /// Its name at the beginning of a sentence.
    fn title(&self) -> String {
        self.name().replacen('t', "T", 1)
    }
}

fn received<'a>(evidence: &Evidence<'a>) -> Vec<Task<'a>> {
    let task = |(index, bytes)| Task {
        at: index + 1,
        bytes,
        decoded: ReviewTask::decode(bytes),
    };
    evidence.peer_sent().enumerate().map(task).collect()
}

/// Each task with what was reported of it.
fn returned<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = (Task<'a>, &'a str)> {
    // Who receives in the function gets the tasks out of step, and waits in the end.
    let tasks = received(evidence).into_iter();
    tasks
        .zip(evidence.reported())
        .filter(|_| !evidence.did_not_finish())
}

/// Each task that decodes with the message that was sent in its turn, where that is about the same document.
fn passed_on<'a>(evidence: &Evidence<'a>) -> Vec<(Task<'a>, &'a [u8])> {
    let tasks = received(evidence).into_iter();
    let pairs = tasks
        .filter(|task| task.decoded.is_ok())
        .zip(evidence.sent());
    let id = |task: &Result<ReviewTask, DecodeError>| {
        task.as_ref().ok().map(|task| task.document_id.clone())
    };
    pairs
        .filter(|(task, sent)| id(&task.decoded) == id(&ReviewTask::decode(*sent)))
        .collect()
}

/// The name that a task is to be stamped with.
fn program<'a>(evidence: &Evidence<'a>, task: &Task<'_>) -> Option<&'a str> {
    let programs = evidence.run.inputs.settings.get("programs")?;
    programs.split(' ').nth(task.at - 1)
}

/// A name as a sentence shows it: the beginning of one that is long.
fn quoted(name: &str) -> String {
    match name.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{:?}.. ({} bytes)", &name[..end], name.len()),
        None => format!("{name:?}"),
    }
}

/// How much of a name is shown.
const SHOWN_CHARACTERS: usize = 40;

fn is_unknown(number: u32) -> bool {
    number > HANDLED_BY_FIELD
}

/// The numbers of the fields in these bytes.
fn numbers(bytes: &[u8]) -> BTreeSet<u32> {
    let fields = wire::fields(bytes).map_while(Result::ok);
    fields.map(|field| field.number).collect()
}

/// Whether these bytes are a message with `handled_by` and nothing else.
fn is_stamp(bytes: &[u8]) -> bool {
    let mut fields = wire::fields(bytes).peekable();
    let is_handled_by = |field: Result<wire::Field<'_>, _>| {
        field.is_ok_and(|field| field.number == HANDLED_BY_FIELD)
    };
    fields.peek().is_some() && fields.all(is_handled_by)
}

/// The fields of one number in these bytes, with their tags.
fn fields(bytes: &[u8], number: u32) -> Vec<&[u8]> {
    let fields = wire::fields(bytes).map_while(Result::ok);
    fields
        .filter(|field| field.number == number)
        .map(|field| field.bytes)
        .collect()
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_decode_where_the_table_says_so() {
        for seed in 1..20 {
            let ids: Vec<_> = (100..108).map(|number| format!("doc-{number}")).collect();
            let tasks = tasks(&ids, &mut fastrand::Rng::with_seed(seed));
            let decodes = tasks.map(|task| ReviewTask::decode(task.as_slice()).is_ok());
            assert_eq!(decodes, TASKS.map(|(_, decodes)| decodes));
        }
    }
}
