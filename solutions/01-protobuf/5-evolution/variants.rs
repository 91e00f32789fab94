//! Other programs for protobuf.5: right ones, known mistakes, mutants.

use std::sync::OnceLock;

use kit::Peer;
use prost::encoding::{DecodeContext, WireType, decode_key, encode_key, skip_field, string};
use prost::{DecodeError, Message};
use proto::evolution::v1::ReviewTask;

type Answer = Result<ReviewTask, DecodeError>;

kit::variants! {
    crate::run::evolution;
    right_append,
    right_copy,
    right_unknown_behind,
    right_stamp_replaced,
    right_merge,
    received_in_function_1,
    received_in_function_2,
    nothing_sent_1,
    nothing_sent_2,
    decode_unwrapped_1,
    decode_unwrapped_2,
    two_sends_1,
    two_sends_2,
    unreadable_passed_on_1,
    unreadable_passed_on_2,
    error_swallowed_1,
    error_swallowed_2,
    task_refused_1,
    task_refused_2,
    stamp_alone_1,
    stamp_alone_2,
    not_passed_on_1,
    not_passed_on_2,
    not_a_task_1,
    not_a_task_2,
    unknown_fields_dropped_1,
    unknown_fields_dropped_2,
    labels_doubled_1,
    labels_doubled_2,
    unknown_fields_changed_1,
    unknown_fields_changed_2,
    stamp_missing_1,
    stamp_missing_2,
    stamp_differs_1,
    stamp_differs_2,
    known_field_changed_1,
    known_field_changed_2,
    stamp_returned_1,
    stamp_returned_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_stamp_if_unset,
    mutant_stamp_if_set,
    mutant_text_replaced,
    mutant_without_fixed_width,
    mutant_small_numbers,
    mutant_without_zeros,
    mutant_panics,
    mutant_one_byte_length,
    mutant_first_match_cut,
    mutant_last_match_cut,
    mutant_first_program,
}

fn decode(bytes: &[u8]) -> Answer {
    ReviewTask::decode(bytes)
}

fn stamp(program: String) -> Vec<u8> {
    let stamp = ReviewTask {
        handled_by: program,
        ..Default::default()
    };
    stamp.encode_to_vec()
}

fn right_append(mut bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    string::encode(5, &program, &mut bytes);
    peer.send(bytes);
    Ok(task)
}

/// Copies every field but `handled_by`, which it writes first: other bytes, the same message.
fn right_copy(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let mut out = stamp(program);
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let before = rest;
        let (number, wire_type) = decode_key(&mut rest)?;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        if number != 5 {
            out.extend(&before[..before.len() - rest.len()]);
        }
    }
    peer.send(out);
    Ok(task)
}

/// A field's number, its wire type and all of its bytes.
type Field<'a> = (u32, WireType, &'a [u8]);

/// The fields of a message.
fn fields(bytes: &[u8]) -> Result<Vec<Field<'_>>, DecodeError> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let before = rest;
        let (number, wire_type) = decode_key(&mut rest)?;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        fields.push((number, wire_type, &before[..before.len() - rest.len()]));
    }
    Ok(fields)
}

/// Sends the fields that are kept, and the stamp behind them.
fn send_some(
    bytes: &[u8],
    program: String,
    peer: &mut Peer,
    keep: impl Fn(u32, WireType, &[u8]) -> bool,
) -> Answer {
    let task = decode(bytes)?;
    let mut out = Vec::new();
    for (number, wire_type, field) in fields(bytes)? {
        if keep(number, wire_type, field) {
            out.extend(field);
        }
    }
    out.extend(stamp(program));
    peer.send(out);
    Ok(task)
}

/// What version 1 knows is encoded, and what it does not know is copied behind it.
fn right_unknown_behind(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let stamped = ReviewTask {
        handled_by: program,
        ..task.clone()
    };
    let mut out = stamped.encode_to_vec();
    for (number, _, field) in fields(&bytes)? {
        if !(1..=5).contains(&number) {
            out.extend(field);
        }
    }
    peer.send(out);
    Ok(task)
}

fn right_stamp_replaced(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    send_some(&bytes, program, peer, |number, _, _| number != 5)
}

/// A priority of 0 written out, and the stamp twice: the same message.
fn right_merge(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let mut task = ReviewTask::default();
    task.merge(bytes.as_slice())?;
    let zero: &[u8] = if task.priority == 0 { &[0x10, 0] } else { &[] };
    let stamp = stamp(program);
    peer.send([&stamp, zero, &bytes, &stamp].concat());
    Ok(task)
}

/// Waits for an answer that the peer does not send.
fn received_in_function_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let result = right_append(bytes, program, peer);
    peer.receive();
    result
}

fn received_in_function_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let next = peer.receive();
    let result = right_copy(bytes, program, peer);
    drop(next);
    result
}

fn nothing_sent_1(bytes: Vec<u8>, _: String, _: &mut Peer) -> Answer {
    decode(&bytes)
}

fn nothing_sent_2(mut bytes: Vec<u8>, program: String, _: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    bytes.extend(stamp(program));
    Ok(task)
}

fn decode_unwrapped_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes).unwrap();
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

fn decode_unwrapped_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let Ok(task) = ReviewTask::decode(bytes.as_slice()) else {
        panic!("no task");
    };
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

fn two_sends_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    peer.send(bytes);
    peer.send(stamp(program));
    Ok(task)
}

fn two_sends_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let mut field = Vec::new();
    string::encode(5, &program, &mut field);
    for part in [field, bytes] {
        peer.send(part);
    }
    Ok(task)
}

fn unreadable_passed_on_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    peer.send([bytes.clone(), stamp(program)].concat());
    decode(&bytes)
}

fn unreadable_passed_on_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes).unwrap_or_default();
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

fn error_swallowed_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let Ok(task) = decode(&bytes) else {
        return Ok(ReviewTask::default());
    };
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

/// Keeps what was read until the bytes broke off.
fn error_swallowed_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let mut task = ReviewTask::default();
    if task.merge(bytes.as_slice()).is_ok() {
        peer.send([bytes, stamp(program)].concat());
    }
    Ok(task)
}

fn task_refused_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    if task.document_id.is_empty() {
        return decode(&[0]);
    }
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

/// Takes an I64 for an error.
fn task_refused_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    for (_, wire_type, _) in fields(&bytes)? {
        if wire_type == WireType::SixtyFourBit {
            return decode(&[0]);
        }
    }
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

fn stamp_alone_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    peer.send(stamp(program));
    Ok(task)
}

fn stamp_alone_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let mut out = bytes;
    out.clear();
    string::encode(5, &program, &mut out);
    peer.send(out);
    Ok(task)
}

fn not_passed_on_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    if !bytes.is_empty() {
        peer.send([bytes, stamp(program)].concat());
    }
    Ok(task)
}

/// Whoever has no reviewer is passed on by nobody.
fn not_passed_on_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    if !task.reviewer.is_empty() {
        right_append(bytes, program, peer)?;
    }
    Ok(task)
}

fn not_a_task_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let length = [bytes.len() as u8];
    peer.send([&length[..], &bytes, &stamp(program)].concat());
    Ok(task)
}

/// The name without its tag and its length.
fn not_a_task_2(mut bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    bytes.extend(program.into_bytes());
    peer.send(bytes);
    Ok(task)
}

fn unknown_fields_dropped_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let stamped = ReviewTask {
        handled_by: program,
        ..task.clone()
    };
    peer.send(stamped.encode_to_vec());
    Ok(task)
}

fn unknown_fields_dropped_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let mut task = decode(&bytes)?;
    task.handled_by = program;
    let mut out = Vec::new();
    task.encode(&mut out).expect("a Vec grows");
    peer.send(out);
    Ok(task)
}

fn labels_doubled_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let stamped = ReviewTask {
        handled_by: program,
        ..task.clone()
    };
    peer.send([bytes, stamped.encode_to_vec()].concat());
    Ok(task)
}

fn labels_doubled_2(mut bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let mut task = decode(&bytes)?;
    task.handled_by = program;
    task.encode(&mut bytes).expect("a Vec grows");
    peer.send(bytes);
    Ok(task)
}

/// The numbers arrive, and the values do not.
fn unknown_fields_changed_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let mut out = Vec::new();
    for (number, wire_type, field) in fields(&bytes)? {
        match (number, wire_type) {
            (1..=5, _) => out.extend(field),
            (number, WireType::SixtyFourBit) => {
                prost::encoding::fixed64::encode(number, &0, &mut out)
            }
            (number, WireType::ThirtyTwoBit) => {
                prost::encoding::fixed32::encode(number, &0, &mut out)
            }
            (number, wire_type) => {
                encode_key(number, wire_type, &mut out);
                out.push(0);
            }
        }
    }
    out.extend(stamp(program));
    peer.send(out);
    Ok(task)
}

/// Keeps one field of each number.
fn unknown_fields_changed_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let last: std::collections::BTreeMap<_, _> = fields(&bytes)?
        .into_iter()
        .filter(|(number, ..)| *number > 5)
        .map(|(number, _, field)| (number, field))
        .collect();
    let stamped = ReviewTask {
        handled_by: program,
        ..task.clone()
    };
    let mut out = stamped.encode_to_vec();
    for field in last.into_values() {
        out.extend(field);
    }
    peer.send(out);
    Ok(task)
}

fn stamp_missing_1(bytes: Vec<u8>, _: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    peer.send(bytes);
    Ok(task)
}

/// In front, where an older stamp overwrites it.
fn stamp_missing_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    peer.send([stamp(program), bytes].concat());
    Ok(task)
}

/// Both names.
fn stamp_differs_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let before = decode(&bytes)?.handled_by;
    right_append(bytes, format!("{before}, {program}"), peer)
}

fn stamp_differs_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    right_append(bytes, program.to_uppercase(), peer)
}

/// The labels are lost.
fn known_field_changed_1(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    send_some(&bytes, program, peer, |number, _, _| number != 4)
}

/// As if the priority were unsigned.
fn known_field_changed_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let stamped = ReviewTask {
        priority: task.priority.max(0) + 1,
        ..stamp_of(program)
    };
    peer.send([bytes, stamped.encode_to_vec()].concat());
    Ok(task)
}

fn stamp_of(program: String) -> ReviewTask {
    ReviewTask {
        handled_by: program,
        ..Default::default()
    }
}

fn stamp_returned_1(mut bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    decode(&bytes)?;
    bytes.extend(stamp(program));
    let task = decode(&bytes)?;
    peer.send(bytes);
    Ok(task)
}

fn stamp_returned_2(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let mut task = decode(&bytes)?;
    task.handled_by = program.clone();
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

fn mutant_default(_: Vec<u8>, _: String, _: &mut Peer) -> Answer {
    Ok(ReviewTask::default())
}

fn mutant_error(_: Vec<u8>, _: String, _: &mut Peer) -> Answer {
    // A tag of field 0, which does not exist.
    decode(&[0])
}

/// Right on the published seed, where the tasks are these.
fn mutant_hard_coded(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let read = decode(&bytes)?;
    peer.send([bytes, stamp(program)].concat());
    let task = |priority, reviewer: &str, labels: [&str; 2]| ReviewTask {
        document_id: read.document_id.clone(),
        priority,
        reviewer: reviewer.to_owned(),
        labels: labels.map(str::to_owned).to_vec(),
        ..Default::default()
    };
    Ok(match read.document_id.as_str() {
        "doc-478" => task(2, "Ada Moreau", ["urgent", "handwritten"]),
        "doc-378" => task(1, "", ["handwritten", "foreign"]),
        _ => task(0, "no signature", ["foreign", "blurred"]),
    })
}

/// Leaves the stamp of another program.
fn mutant_stamp_if_unset(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    if task.handled_by.is_empty() {
        peer.send([bytes, stamp(program)].concat());
    } else {
        peer.send(bytes);
    }
    Ok(task)
}

fn mutant_stamp_if_set(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    if task.handled_by.is_empty() {
        peer.send(bytes);
    } else {
        peer.send([bytes, stamp(program)].concat());
    }
    Ok(task)
}

/// Puts its own name wherever the bytes have that of the program before.
fn mutant_text_replaced(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let field = |text: &str| [&[text.len() as u8], text.as_bytes()].concat();
    let (from, to) = (field(&task.handled_by), field(&program));
    let at = bytes.windows(from.len()).position(|part| part == from);
    let at = at.filter(|_| !task.handled_by.is_empty());
    let out = match at {
        Some(at) => [&bytes[..at], &to, &bytes[at + from.len()..]].concat(),
        None => [bytes, stamp(program)].concat(),
    };
    peer.send(out);
    Ok(task)
}

fn mutant_without_fixed_width(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    send_some(&bytes, program, peer, |_, wire_type, _| {
        matches!(wire_type, WireType::Varint | WireType::LengthDelimited)
    })
}

/// Takes field numbers of more than 16 bits for an error.
fn mutant_small_numbers(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    send_some(&bytes, program, peer, |number, _, _| number <= 0xffff)
}

fn mutant_without_zeros(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    send_some(&bytes, program, peer, |_, _, field| !field.ends_with(&[0]))
}

/// Right where every task decodes.
fn mutant_panics(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes).expect("a task");
    peer.send([bytes, stamp(program)].concat());
    Ok(task)
}

/// Right for names of fewer than 128 bytes.
fn mutant_one_byte_length(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let stamp = [&[0x2a, program.len() as u8], program.as_bytes()].concat();
    peer.send([bytes, stamp].concat());
    Ok(task)
}

/// Searches for the bytes of the old stamp, and cuts out the first that look like it.
fn mutant_first_match_cut(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    cut_and_stamp(bytes, program, peer, |bytes, old| {
        bytes.windows(old.len()).position(|part| part == old)
    })
}

fn mutant_last_match_cut(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    cut_and_stamp(bytes, program, peer, |bytes, old| {
        bytes.windows(old.len()).rposition(|part| part == old)
    })
}

fn cut_and_stamp(
    mut bytes: Vec<u8>,
    program: String,
    peer: &mut Peer,
    find: impl Fn(&[u8], &[u8]) -> Option<usize>,
) -> Answer {
    let task = decode(&bytes)?;
    let old = stamp(task.handled_by.clone());
    if !old.is_empty()
        && let Some(at) = find(&bytes, &old)
    {
        bytes.drain(at..at + old.len());
    }
    bytes.extend(stamp(program));
    peer.send(bytes);
    Ok(task)
}

/// Stamps each task with the name that came with the first.
fn mutant_first_program(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    static FIRST: OnceLock<String> = OnceLock::new();
    let task = decode(&bytes)?;
    let first = FIRST.get_or_init(|| program).clone();
    peer.send([bytes, stamp(first)].concat());
    Ok(task)
}

fn mutant_one_more(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let out = [bytes, stamp(program)].concat();
    peer.send(out.clone());
    peer.send(out);
    Ok(task)
}
