//! Other programs for protobuf.4: right ones, known mistakes, mutants.

use std::sync::atomic::{AtomicUsize, Ordering};

use kit::Peer;
use prost::Message;
use prost::encoding::{decode_varint, encode_varint};
use proto::reading::v1::Reading;

kit::variants! {
    crate::run::varint;
    right_prost,
    right_iterator,
    right_low_bits,
    right_recursive,
    right_fixed_array,
    received_in_function_1,
    received_in_function_2,
    nothing_sent_1,
    nothing_sent_2,
    ten_bytes_in_32_bits_1,
    ten_bytes_in_32_bits_2,
    groups_reversed_1,
    groups_reversed_2,
    arithmetic_overflow_1,
    arithmetic_overflow_2,
    top_bit_kept_1,
    top_bit_kept_2,
    zigzag_returned_1,
    zigzag_returned_2,
    shifted_by_8_1,
    shifted_by_8_2,
    high_bits_cut_1,
    high_bits_cut_2,
    misread_1,
    misread_2,
    two_sends_1,
    two_sends_2,
    zero_left_out_1,
    zero_left_out_2,
    tag_missing_1,
    tag_missing_2,
    tag_in_one_byte_1,
    tag_in_one_byte_2,
    high_bit_taken_for_a_sign_1,
    high_bit_taken_for_a_sign_2,
    fixed_width_1,
    fixed_width_2,
    wire_type_confused_1,
    wire_type_confused_2,
    last_byte_missing_1,
    last_byte_missing_2,
    tag_behind_1,
    tag_behind_2,
    tag_confused_1,
    tag_confused_2,
    highest_group_first_1,
    highest_group_first_2,
    sign_not_copied_1,
    sign_not_copied_2,
    widened_with_its_sign_1,
    widened_with_its_sign_2,
    not_zigzagged_1,
    not_zigzagged_2,
    zigzag_off_by_one_1,
    zigzag_off_by_one_2,
    longer_than_needed_1,
    longer_than_needed_2,
    miswritten_1,
    miswritten_2,
    mutant_default,
    mutant_error,
    mutant_hard_coded,
    mutant_one_more,
    mutant_two_bytes_at_most,
    mutant_endless,
    mutant_one_below_128,
    mutant_minimum_panics,
    mutant_four_bytes_read,
}

const ZIGZAG_TAG: u64 = 16 << 3;

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
        zigzag: Some(number),
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

/// The bits from 32 on are copies of the sign: five bytes are enough.
fn right_low_bits(bytes: &[u8], peer: &mut Peer) -> i32 {
    let shifts = (0..32).step_by(7);
    let groups = bytes.iter().map(|byte| u32::from(byte & 0x7f));
    let read = groups.zip(shifts).map(|(group, shift)| group << shift);
    let number = read.fold(0, std::ops::BitOr::bitor).cast_signed();
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn right_recursive(bytes: &[u8], peer: &mut Peer) -> i32 {
    fn number(bytes: &[u8]) -> i64 {
        match bytes {
            [] => 0,
            [byte, rest @ ..] => i64::from(byte & 0x7f) | number(rest) << 7,
        }
    }
    fn write(value: u32, out: &mut Vec<u8>) {
        match value {
            0..=0x7f => out.push(value as u8),
            _ => {
                out.push(value as u8 | 0x80);
                write(value >> 7, out);
            }
        }
    }
    let number = number(bytes) as i32;
    let mut out = Vec::new();
    write(128, &mut out);
    write(
        (number as u32).rotate_left(1) ^ ((number >> 31) as u32) << 1,
        &mut out,
    );
    peer.send(out);
    number
}

/// How many groups a number takes is known before it is written.
fn right_fixed_array(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = zigzag(number) as u32;
    let length = (32 - zigzag.leading_zeros()).div_ceil(7).max(1) as usize;
    let mut out = [0x80, 1, 0, 0, 0, 0, 0];
    for (index, byte) in out[2..2 + length].iter_mut().enumerate() {
        *byte = (zigzag >> (7 * index)) as u8 | 0x80;
    }
    out[1 + length] &= 0x7f;
    peer.send(out[..2 + length].to_vec());
    number
}

/// Waits for an answer that the peer does not send.
fn received_in_function_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = right_prost(bytes, peer);
    peer.receive();
    number
}

fn received_in_function_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let next = peer.receive();
    let number = right_iterator(bytes, peer);
    drop(next);
    number
}

fn nothing_sent_1(bytes: &[u8], _: &mut Peer) -> i32 {
    read(bytes)
}

fn nothing_sent_2(bytes: &[u8], _: &mut Peer) -> i32 {
    let number = read(bytes);
    varints(&[ZIGZAG_TAG, zigzag(number)]);
    number
}

fn ten_bytes_in_32_bits_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate() {
        number |= i32::from(byte & 0x7f) << (7 * index);
    }
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
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
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// The first group at the top.
fn groups_reversed_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut read = 0u64;
    for byte in bytes {
        read = read << 7 | u64::from(byte & 0x7f);
    }
    let number = read as i32;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn groups_reversed_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let last = bytes.len() - 1;
    let group = |(index, byte): (usize, &u8)| u64::from(byte & 0x7f) << (7 * (last - index));
    let number = bytes
        .iter()
        .enumerate()
        .map(group)
        .fold(0, |read, group| read | group) as i32;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// Twice a large number does not fit into an i32.
fn arithmetic_overflow_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = if number < 0 {
        -2 * number - 1
    } else {
        2 * number
    };
    peer.send(varints(&[ZIGZAG_TAG, u64::from(zigzag as u32)]));
    number
}

/// Nor does the weight of a negative number's sixth byte.
fn arithmetic_overflow_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let (mut number, mut weight) = (0, 1);
    for byte in bytes {
        number += i32::from(byte & 0x7f) * weight;
        weight *= 128;
    }
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn top_bit_kept_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut read = 0u64;
    for (index, byte) in bytes.iter().enumerate() {
        read |= u64::from(*byte) << (7 * index);
    }
    let number = read as i32;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn top_bit_kept_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let (mut read, mut weight) = (0u128, 1);
    for byte in bytes {
        read += u128::from(*byte) * weight;
        weight *= 128;
    }
    let number = read as i32;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn zigzag_returned_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    zigzag(right_prost(bytes, peer)) as i32
}

fn zigzag_returned_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = right_iterator(bytes, peer);
    number << 1 ^ number >> 31
}

fn shifted_by_8_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut read = 0u128;
    for (index, byte) in bytes.iter().enumerate() {
        read |= u128::from(byte & 0x7f) << (8 * index);
    }
    let number = read as i32;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// As if the bytes were those of an i32.
fn shifted_by_8_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut four = [0; 4];
    for (place, byte) in four.iter_mut().zip(bytes) {
        *place = byte & 0x7f;
    }
    let number = i32::from_le_bytes(four);
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// Four bytes, as many as an i32 has.
fn high_bits_cut_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let mut number = 0;
    for (index, byte) in bytes.iter().take(4).enumerate() {
        number |= i32::from(byte & 0x7f) << (7 * index);
    }
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn high_bits_cut_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes) & 0x3fff_ffff;
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn misread_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = i32::from(bytes[0]);
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// Sends what it has read, and returns something else.
fn misread_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    right_prost(bytes, peer).saturating_abs()
}

fn two_sends_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[ZIGZAG_TAG]));
    peer.send(varints(&[zigzag(number)]));
    number
}

fn two_sends_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    for mut left in [ZIGZAG_TAG, zigzag(number)] {
        let mut out = Vec::new();
        while left >= 0x80 {
            out.push(left as u8 | 0x80);
            left >>= 7;
        }
        out.push(left as u8);
        peer.send(out);
    }
    number
}

fn zero_left_out_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    let mut left = zigzag(number);
    while left > 0 {
        let more = if left > 0x7f { 0x80 } else { 0 };
        out.push(left as u8 & 0x7f | more);
        left >>= 7;
    }
    peer.send(out);
    number
}

/// As if the field were not `optional`.
fn zero_left_out_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    if number != 0 {
        peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    }
    number
}

fn tag_missing_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[zigzag(number)]));
    number
}

fn tag_missing_2(bytes: &[u8], peer: &mut Peer) -> i32 {
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

fn tag_in_one_byte_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = vec![ZIGZAG_TAG as u8];
    out.extend(varints(&[zigzag(number)]));
    peer.send(out);
    number
}

fn tag_in_one_byte_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[zigzag(number)]);
    out.insert(0, 16 << 3);
    peer.send(out);
    number
}

/// Less than 128, since it is negative.
fn high_bit_taken_for_a_sign_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    let mut left = (number << 1) ^ (number >> 31);
    while left >= 0x80 {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
    peer.send(out);
    number
}

fn high_bit_taken_for_a_sign_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let left = zigzag(number) as i32;
    let groups = (1..5).take_while(|index| left >> (7 * index) > 0).count();
    let mut out = varints(&[ZIGZAG_TAG]);
    for index in 0..groups {
        out.push((left >> (7 * index)) as u8 | 0x80);
    }
    out.push((left >> (7 * groups)) as u8 & 0x7f);
    peer.send(out);
    number
}

fn fixed_width_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    out.extend((zigzag(number) as u32).to_le_bytes());
    peer.send(out);
    number
}

/// As an sfixed32, which has a wire type of its own.
fn fixed_width_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG | 5]);
    out.extend(number.to_le_bytes());
    peer.send(out);
    number
}

fn wire_type_confused_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[ZIGZAG_TAG | 2, zigzag(number)]));
    number
}

fn wire_type_confused_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[ZIGZAG_TAG + 1, zigzag(number)]));
    number
}

fn last_byte_missing_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = Vec::new();
    for mut left in [ZIGZAG_TAG, zigzag(number)] {
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
    let mut out = varints(&[ZIGZAG_TAG]);
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

fn tag_behind_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[zigzag(number), ZIGZAG_TAG]));
    number
}

fn tag_behind_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[zigzag(number)]);
    out.extend([0x80, 1]);
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

fn highest_group_first_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut written = varints(&[zigzag(number)]);
    written.reverse();
    let mut out = varints(&[ZIGZAG_TAG]);
    out.extend(written);
    peer.send(out);
    number
}

/// With the bit that says that more follow in the right places.
fn highest_group_first_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = zigzag(number);
    let mut out = varints(&[ZIGZAG_TAG]);
    let highest = (1..5).rev().find(|index| zigzag >> (7 * index) > 0);
    for index in (1..=highest.unwrap_or(0)).rev() {
        out.push((zigzag >> (7 * index)) as u8 | 0x80);
    }
    out.push(zigzag as u8 & 0x7f);
    peer.send(out);
    number
}

fn sign_not_copied_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = (number << 1) as u32 ^ (number as u32 >> 31);
    peer.send(varints(&[ZIGZAG_TAG, u64::from(zigzag)]));
    number
}

/// The sign at the bottom, and nothing else.
fn sign_not_copied_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut twice = (number as u32).wrapping_mul(2);
    if number.is_negative() {
        twice += 1;
    }
    peer.send(varints(&[ZIGZAG_TAG, twice.into()]));
    number
}

fn widened_with_its_sign_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[
        ZIGZAG_TAG,
        ((number << 1) ^ (number >> 31)) as u64,
    ]));
    number
}

fn widened_with_its_sign_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let sign = if number < 0 { -1 } else { 0 };
    let zigzag = i64::from(number.wrapping_add(number) ^ sign);
    peer.send(varints(&[ZIGZAG_TAG, zigzag.cast_unsigned()]));
    number
}

fn not_zigzagged_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[ZIGZAG_TAG, i64::from(number) as u64]));
    number
}

fn not_zigzagged_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    peer.send(varints(&[ZIGZAG_TAG, u64::from(number as u32)]));
    number
}

fn zigzag_off_by_one_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let twice = 2 * i64::from(number).unsigned_abs();
    peer.send(varints(&[ZIGZAG_TAG, twice]));
    number
}

/// -1 becomes 3.
fn zigzag_off_by_one_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let twice = 2 * i64::from(number).unsigned_abs();
    let zigzag = twice + u64::from(number < 0);
    peer.send(varints(&[ZIGZAG_TAG, zigzag]));
    number
}

/// One more byte wherever the last one is full.
fn longer_than_needed_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    let mut left = zigzag(number);
    while left >= 0x40 {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
    peer.send(out);
    number
}

/// Always five.
fn longer_than_needed_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = zigzag(number);
    let mut out = varints(&[ZIGZAG_TAG]);
    out.extend((0..4).map(|index| (zigzag >> (7 * index)) as u8 | 0x80));
    out.push((zigzag >> 28) as u8);
    peer.send(out);
    number
}

/// Ends where 7 bits are 0.
fn miswritten_1(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    let mut left = zigzag(number);
    loop {
        let group = (left & 0x7f) as u8;
        left >>= 7;
        if left & 0x7f == 0 {
            out.push(group);
            break;
        }
        out.push(group | 0x80);
    }
    peer.send(out);
    number
}

/// What a reader does, in place of what a writer does.
fn miswritten_2(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = (number >> 1) ^ (number << 31);
    peer.send(varints(&[ZIGZAG_TAG, u64::from(zigzag as u32)]));
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
    // The table comes behind them.
    let all = [5_679, -40, -1_877_092_286, 0, 28, 1_761_006_553];
    let number = all[next % all.len()];
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

/// Right for what is below 16,384 once it is zigzagged.
fn mutant_two_bytes_at_most(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = zigzag(number);
    let mut out = varints(&[ZIGZAG_TAG]);
    if zigzag < 0x80 {
        out.push(zigzag as u8);
    } else {
        out.extend([zigzag as u8 | 0x80, (zigzag >> 7) as u8]);
    }
    peer.send(out);
    number
}

/// Counts the bytes that it needs, and does not come to an end where the highest of the 32 bits is set: in an i32, `>>` brings
/// in ones.
fn mutant_endless(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut left = zigzag(number) as i32;
    let mut length = 1_usize;
    while left != 0 {
        left >>= 7;
        length = length.saturating_add(1);
    }
    let mut out = Vec::with_capacity(length);
    out.extend(varints(&[ZIGZAG_TAG, zigzag(number)]));
    peer.send(out);
    number
}

/// 128 itself is written in one byte.
fn mutant_one_below_128(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let mut out = varints(&[ZIGZAG_TAG]);
    let mut left = zigzag(number);
    while left > 0x80 {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
    peer.send(out);
    number
}

/// i32::MIN has no counterpart.
fn mutant_minimum_panics(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = read(bytes);
    let zigzag = match number {
        ..0 => 2 * u64::from((-number) as u32) - 1,
        _ => 2 * u64::from(number as u32),
    };
    peer.send(varints(&[ZIGZAG_TAG, zigzag]));
    number
}

/// Five groups of 7 bits are 35 bits: here the fifth is lost.
fn mutant_four_bytes_read(bytes: &[u8], peer: &mut Peer) -> i32 {
    let negative = bytes.len() == 10;
    let groups = bytes.iter().take(4).rev();
    let low = groups.fold(0, |read, byte| read << 7 | i32::from(byte & 0x7f));
    let number = if negative { low | -1 << 28 } else { low };
    peer.send(varints(&[ZIGZAG_TAG, zigzag(number)]));
    number
}

fn mutant_one_more(bytes: &[u8], peer: &mut Peer) -> i32 {
    let number = right_prost(bytes, peer);
    right_prost(bytes, peer);
    number
}
