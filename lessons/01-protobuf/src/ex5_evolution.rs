//! protobuf.5: an old program among newer ones.
//!
//! This program was built with proto/evolution/v1. Most of the tasks that reach it were written with
//! proto/evolution/v2 and proto/evolution/reused, which it has never seen. When prost decodes, it
//! drops the fields that it does not know, so what it has decoded is not all that came. How to set
//! a field without losing the others follows from what the bytes of a message are: the page explains
//! it under "Mental model".
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.5`.

use kit::Peer;
use prost::{DecodeError, Message};
use proto::evolution::v1::ReviewTask;

/// Reads a task as version 1 has it, and passes it on with `handled_by` set to `program`.
pub fn pass_on(
    bytes: Vec<u8>,
    program: String,
    peer: &mut Peer,
) -> Result<ReviewTask, DecodeError> {
    kit::gap!(
        "Decode the task. Then send it on to the peer, in one `send`, with `handled_by` \
         set to `program`, and with every other field that it came with, also those that \
         version 1 does not know. Return the task as you decoded it, with the \
         `handled_by` that it came with. If it does not decode, return the error and send \
         nothing.";
        use Message, ReviewTask;
        bytes, peer, program
    )
}
