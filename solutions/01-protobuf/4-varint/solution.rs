//! A varint holds 7 bits of the number in each byte, the lowest first. The top bit says that more
//! bytes follow. A negative int32 is sign-extended to 64 bits, which takes ten bytes. A sint32 is
//! zigzagged first, `(n << 1) ^ (n >> 31)`: 0, -1, 1, -2 become 0, 1, 2, 3, so that small numbers
//! of either sign are short.
//!
//! In front of every field stands its tag, which is a varint as well: the field's number in the
//! contract shifted left by 3, and in the lowest 3 bits the wire type, which is 0 for a varint. The
//! number that you read may be any int32, also 0, which is written as one byte.

use kit::Peer;

/// The number of the field `zigzag` in proto/reading/v1/reading.proto.
const ZIGZAG: u32 = 16;

/// Reads an int32 from the varint in `bytes`, and sends the peer the same number as the field `zigzag`, which is a sint32.
pub fn zigzag(bytes: &[u8], peer: &mut Peer) -> i32 {
    // gap
    // uses: ; ZIGZAG, bytes, peer
    let mut read = 0u64;
    for (index, byte) in bytes.iter().enumerate() {
        // hint: read |= u64::from(...) << ...;
        read |= u64::from(byte & 0x7f) << (7 * index);
    }
    let number = read as i32;
    let zigzag = ((number << 1) ^ (number >> 31)) as u32;
    let mut out = Vec::new();
    for mut left in [ZIGZAG << 3, zigzag] {
        while left >= 0x80 {
            // hint: out.push(... | 0x80);
            out.push(left as u8 | 0x80);
            // hint: left >>= ...;
            left >>= 7;
        }
        // hint: out.push(...);
        out.push(left as u8);
    }
    peer.send(out);
    number
    // end of gap
}
