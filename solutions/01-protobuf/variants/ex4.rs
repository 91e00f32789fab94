//! protobuf.4

use std::sync::atomic::{AtomicUsize, Ordering};

use kit::Peer;
use prost::Message;
use prost::encoding::{decode_varint, encode_varint};
use proto::reading::v1::Reading;

variants! {
    "protobuf.4", varint;
    "right-prost" right_prost,
    "right-iterator" right_iterator,
    "nothing-sent-1" nothing_sent_1,
    "nothing-sent-2" nothing_sent_2,
    "ten-bytes-in-32-bits-1" ten_bytes_in_32_bits_1,
    "ten-bytes-in-32-bits-2" ten_bytes_in_32_bits_2,
    "key-missing-1" key_missing_1,
    "key-missing-2" key_missing_2,
    "last-byte-missing-1" last_byte_missing_1,
    "last-byte-missing-2" last_byte_missing_2,
    "tag-confused-1" tag_confused_1,
    "tag-confused-2" tag_confused_2,
    "not-zigzagged-1" not_zigzagged_1,
    "not-zigzagged-2" not_zigzagged_2,
    "mutant-default" mutant_default,
    "mutant-error" mutant_error,
    "mutant-hard-coded" mutant_hard_coded,
    "mutant-one-more" mutant_one_more,
}

const KEY: u64 = 16 << 3;

fn read(bytes: &[u8]) -> i32 {
    let mut bytes = bytes;
    decode_varint(&mut bytes).map_or(0, |value| value as i32)
}

fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)) as u32)
}

fn varints(values: &[u64]) -> Vec<u8> {
    let mut out = Vec::new();
    for value in values {
        encode_varint(*value, &mut out);
    }
    out
}

/// With prost's help after all: the bytes are the same, and nobody can tell.
fn right_prost(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let reading = Reading {
        zigzag: number,
        ..Default::default()
    };
    peer.send(reading.encode_to_vec());
    number
}

fn right_iterator(bytes: &[u8], peer: &mut Peer) -> i32 {
    let shift = |value: i128, byte: &u8| value << 7 | i128::from(byte & 0b111_1111);
    let mut number = bytes.iter().rev().fold(0, shift);
    if number >= 1 << 63 {
        number -= 1 << 64;
    }
    let number = number as i32;
    let zigzag = if number < 0 {
        -2 * i64::from(number) - 1
    } else {
        2 * i64::from(number)
    };
    let mut out = vec![0x80, 1];
    let mut left = zigzag as u64;
    loop {
        let low = (left % 128) as u8;
        left /= 128;
        if left == 0 {
            out.push(low);
            break;
        }
        out.push(low + 128);
    }
    peer.send(out);
    number
}

fn nothing_sent_1(bytes: &[u8], _: &mut Peer) -> i32 {
    read(bytes)
}

fn nothing_sent_2(bytes: &[u8], _: &mut Peer) -> i32 {
    let number = read(bytes);
    varints(&[KEY, zigzag(number)]);
    number
}

fn ten_bytes_in_32_bits_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate() {
        number |= i32::from(byte & 0x7f) << (7 * index);
    }
    peer.send(varints(&[KEY, zigzag(number)]));
    number
}

fn ten_bytes_in_32_bits_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut number = 0u32;
    let mut shift = 0;
    for byte in bytes {
        number |= u32::from(byte & 0x7f).wrapping_shl(shift);
        shift += 7;
    }
    // The bits from 32 on came back in at the bottom.
    let number = number as i32;
    peer.send(varints(&[KEY, zigzag(number)]));
    number
}

fn key_missing_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[zigzag(number)]));
    number
}

fn key_missing_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = Vec::new();
    let mut left = zigzag(number);
    while left > 127 {
        out.push((left & 127) as u8 + 128);
        left >>= 7;
    }
    out.push(left as u8);
    peer.send(out);
    number
}

fn last_byte_missing_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = Vec::new();
    for mut left in [KEY, zigzag(number)] {
        while left >= 0x80 {
            out.push(left as u8 | 0x80);
            left >>= 7;
        }
    }
    peer.send(out);
    number
}

fn last_byte_missing_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[KEY]);
    let mut left = zigzag(number);
    loop {
        out.push(left as u8 | 0x80);
        left >>= 7;
        if left == 0 {
            break;
        }
    }
    peer.send(out);
    number
}

/// The number without the shift.
fn tag_confused_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[16, zigzag(number)]));
    number
}

/// The second field of the message.
fn tag_confused_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = vec![2 << 3];
    out.extend(varints(&[zigzag(number)]));
    peer.send(out);
    number
}

fn not_zigzagged_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[KEY, i64::from(number) as u64]));
    number
}

fn not_zigzagged_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[KEY, u64::from(number as u32)]));
    number
}

fn mutant_default(_: &[u8], _: &mut Peer) -> i32 {
    0
}

fn mutant_error(_: &[u8], _: &mut Peer) -> i32 {
    panic!("always the same error")
}

/// Right on the published seed, where these numbers come in this order.
fn mutant_hard_coded(_: &[u8], peer: &mut Peer) -> i32 {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let number = [-40, -46_326, 28, 5_679][next % 4];
    peer.send(varints(&[KEY, zigzag(number)]));
    number
}

fn mutant_one_more(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = right_prost(bytes, peer);
    right_prost(bytes, peer);
    number
}
