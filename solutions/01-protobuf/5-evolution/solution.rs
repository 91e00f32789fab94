//! This program was built with proto/evolution/v1. Most of the tasks that reach it were written with
//! proto/evolution/v2 and proto/evolution/reused, which it has never seen. When prost decodes, it
//! drops the fields that it does not know, so what it has decoded is not all that came. How to set
//! a field without losing the others follows from what the bytes of a message are: the page explains
//! it under "Mental model".

use kit::Peer;
use prost::{DecodeError, Message};
use proto::evolution::v1::ReviewTask;

/// Reads a task as version 1 has it, and passes it on with `handled_by` set to `program`.
pub fn pass_on(
    bytes: Vec<u8>,
    program: String,
    peer: &mut Peer,
) -> Result<ReviewTask, DecodeError> {
    // gap
    // uses: Message, ReviewTask; bytes, peer, program
    let task = ReviewTask::decode(bytes.as_slice())?;
    let stamp = ReviewTask {
        // hint: handled_by: ...,
        handled_by: program,
        ..Default::default()
    };
    // hint: peer.send([bytes, ...].concat());
    peer.send([bytes, stamp.encode_to_vec()].concat());
    Ok(task)
    // end of gap
}
