//! What a number costs. The page of that name shows these parts, and the test runs them.
//!
//!     cargo run -p solution-protobuf --example numbers

use prost::Message;
use proto::reading::v1::Reading;

fn main() {
    // ANCHOR: cost
    let plain = Reading {
        plain: Some(-40),
        ..Default::default()
    };
    let zigzag = Reading {
        zigzag: Some(-40),
        ..Default::default()
    };
    assert_eq!(
        plain.encode_to_vec(),
        b"\x08\xd8\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    );
    assert_eq!(zigzag.encode_to_vec(), b"\x80\x01\x4f");
    // ANCHOR_END: cost
    println!("{} and {} bytes", plain.encoded_len(), zigzag.encoded_len());
}

#[test]
fn the_page_is_right() {
    main();
}

/// The table of prices: bytes of one value, without its tag.
#[test]
fn the_prices_are_right() {
    use prost::encoding::{int32, sfixed32, sint32};

    // All three with field 1, whose tag is one byte.
    for (value, plain, zigzag) in [(1, 1, 1), (300, 2, 2), (-1, 10, 1), (2_000_000_000, 5, 5)] {
        assert_eq!(int32::encoded_len(1, &value), 1 + plain, "{value}");
        assert_eq!(sint32::encoded_len(1, &value), 1 + zigzag, "{value}");
        assert_eq!(sfixed32::encoded_len(1, &value), 1 + 4, "{value}");
    }
}

/// The questions: a lost byte, and a type that is changed.
#[test]
fn the_answers_are_right() {
    use prost::encoding::{decode_varint, int32};
    use proto::classification::v1::ClassifyResponse;

    let mut lost = b"\x96\x12\x02\x68\x69".as_slice();
    assert_eq!(decode_varint(&mut lost), Ok(2326));
    let message = ClassifyResponse::decode(b"\x20\x96\x12\x02\x68\x69".as_slice());
    assert!(message.is_err());

    for (sent, read) in [(3, -2), (-1, i32::MIN)] {
        let mut bytes = Vec::new();
        int32::encode(16, &sent, &mut bytes);
        let reading = Reading::decode(bytes.as_slice());
        assert_eq!(reading.map(|reading| reading.zigzag), Ok(Some(read)));
    }
}
