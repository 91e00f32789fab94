//! What the two ends of the control channel agree on, beyond the messages of `control.v1`. The stage uses it as well.

use prost::Message;

/// The environment variable that holds the path of the Unix socket on which the stage listens.
pub const STAGE_VARIABLE: &str = "WIREBOOK_STAGE";

/// The largest message, in bytes. The limit only keeps a broken length from asking for all memory.
pub const MAX_MESSAGE_BYTES: u32 = 64 << 20;

/// A message as it is written: its length as four bytes, big-endian, and its bytes.
pub fn frame(message: &impl Message) -> Vec<u8> {
    let mut frame = (message.encoded_len() as u32).to_be_bytes().to_vec();
    frame.extend(message.encode_to_vec());
    frame
}
