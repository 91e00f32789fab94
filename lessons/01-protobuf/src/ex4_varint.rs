//! protobuf.4: a varint, both ways.
//!
//! A varint holds 7 bits of the number in each byte, the lowest first. The top bit says that more
//! bytes follow. A negative int32 is sign-extended to 64 bits, which takes ten bytes. A sint32 is
//! zigzagged first, `(n << 1) ^ (n >> 31)`: 0, -1, 1, -2 become 0, 1, 2, 3, so that small numbers
//! of either sign are short.
//!
//! In front of every field stands its tag, which is a varint as well: the field's number in the
//! contract shifted left by 3, and in the lowest 3 bits the wire type, which is 0 for a varint. The
//! number that you read may be any int32, also 0, which is written as one byte.
//!
//! Fill the gap, save, and run `cargo xtask check protobuf.4`.

use kit::Peer;

/// The number of the field `zigzag` in proto/reading/v1/reading.proto.
const ZIGZAG: u32 = 16;

/// Reads an int32 from the varint in `bytes`, and sends the peer the same number as the field `zigzag`, which is a sint32.
pub fn zigzag(bytes: &[u8], peer: &mut Peer) -> i32 {
    kit::gap!(
        "Read the number from `bytes`, which hold one `int32` as a varint and nothing \
         else. Send the peer, in one `send`, the tag of field `ZIGZAG` and after it the \
         zigzagged number, each written as a varint of as few bytes as it needs. Return \
         the number. Write both directions yourself, without the functions of prost.";
        ZIGZAG, bytes, peer
    )
}
