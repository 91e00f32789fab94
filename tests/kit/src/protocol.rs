//! What the two ends of the control channel agree on, beyond the messages of `control.v1`. The stage uses it as well.

use prost::Message;

/// The environment variable in which the stage says where it listens: `unix:/path` or `tcp:host:port`.
pub const STAGE: &str = "WIREBOOK_STAGE";

/// The largest message, in bytes. A limit only keeps a broken length from asking for all memory.
pub const LARGEST: u32 = 64 << 20;

/// A message as it is written: its length in four bytes, the highest first, and its bytes.
pub fn frame(message: &impl Message) -> Vec<u8> {
    let mut frame = (message.encoded_len() as u32).to_be_bytes().to_vec();
    frame.extend(message.encode_to_vec());
    frame
}
