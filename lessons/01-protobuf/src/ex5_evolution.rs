//! protobuf.5: an old program among newer ones.
//!
//! This program was built with proto/evolution/v1; the tasks that reach it were written with proto/evolution/v2 and
//! proto/evolution/reused, which it has never seen. prost drops the fields that it does not know when it decodes, so what
//! it has decoded is not all that came. How to set a field without losing the others follows from what the bytes of a
//! message are: the chapter says it under "The model in the mind".
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
        "Decode the task, send it to the peer in one send with handled_by set to \
         `program` and with every field that it came with, also those that version 1 does \
         not know, and return what you decoded; what does not decode is not passed on.";
        use Message, ReviewTask;
        bytes, peer, program
    )
}
