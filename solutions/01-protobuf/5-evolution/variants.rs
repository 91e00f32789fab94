//! Other programs for protobuf.5: right ones, known mistakes, mutants.

use kit::Peer;
use prost::encoding::{DecodeContext, decode_key, skip_field, string};
use prost::{DecodeError, Message};
use proto::evolution::v1::ReviewTask;

type Answer = Result<ReviewTask, DecodeError>;

kit::variants! {
    crate::run::evolution;
    right_append,
    right_copy,
    nothing_sent_1,
    nothing_sent_2,
    decode_unwrapped_1,
    decode_unwrapped_2,
    two_sends_1,
    two_sends_2,
    unreadable_passed_on_1,
    unreadable_passed_on_2,
    unknown_fields_dropped_1,
    unknown_fields_dropped_2,
    labels_doubled_1,
    labels_doubled_2,
    stamp_missing_1,
    stamp_missing_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
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

fn mutant_one_more(bytes: Vec<u8>, program: String, peer: &mut Peer) -> Answer {
    let task = decode(&bytes)?;
    let out = [bytes, stamp(program)].concat();
    peer.send(out.clone());
    peer.send(out);
    Ok(task)
}
