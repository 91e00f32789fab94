//! What the two ends of the control channel agree on, beyond the messages of `control.v1`. The stage uses it as well.

use prost::Message;

/// The environment variable that holds the path of the Unix socket on which the stage listens.
pub const STAGE_VARIABLE: &str = "WIREBOOK_STAGE";

/// The largest message from the program, in bytes: twice what the largest value of an exercise takes, a document of
/// 100,000 characters of four bytes each.
pub const MAX_FROM_PROGRAM_BYTES: u32 = 1 << 20;

/// The largest message from the stage, in bytes. The stage is trusted; the limit only keeps a broken length from asking for
/// all memory.
pub const MAX_TO_PROGRAM_BYTES: u32 = 64 << 20;

/// A message as it is written: its length as four bytes, big-endian, and its bytes. The length of one that is too long for
/// four bytes is the largest number, which nobody accepts.
pub fn frame(message: &impl Message) -> Vec<u8> {
    let length = u32::try_from(message.encoded_len()).unwrap_or(u32::MAX);
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend(message.encode_to_vec());
    frame
}
