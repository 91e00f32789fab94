//! A message becomes bytes, and bytes become a message or an error. The page "Protobuf" shows these parts, and the
//! test runs them.
//!
//!     cargo run -p solution-protobuf --example first_message

use prost::{DecodeError, Message};
use proto::classification::v1::ClassifyRequest;

fn main() -> Result<(), DecodeError> {
    // ANCHOR: encode
    let request = ClassifyRequest {
        document_id: "doc-7".to_owned(),
        max_results: Some(2),
        ..Default::default()
    };
    let bytes: Vec<u8> = request.encode_to_vec();
    assert_eq!(bytes, b"\x12\x05doc-7\x20\x02");
    // ANCHOR_END: encode

    // ANCHOR: decode
    let received = ClassifyRequest::decode(bytes.as_slice())?;
    assert_eq!(received.document_id, "doc-7");
    assert_eq!(received.max_results, Some(2));
    // Two fields that were not in the bytes.
    assert_eq!(received.text, "");
    assert_eq!(received.include_keywords, None);
    // ANCHOR_END: decode

    // ANCHOR: error
    let broken = b"\x12\x05doc";
    match ClassifyRequest::decode(broken.as_slice()) {
        Ok(request) => println!("a request for {:?}", request.document_id),
        Err(error) => println!("these bytes are not a request: {error}"),
    }
    // ANCHOR_END: error
    assert!(ClassifyRequest::decode(broken.as_slice()).is_err());
    println!("{bytes:02x?}");
    Ok(())
}

#[test]
fn the_page_is_right() -> Result<(), DecodeError> {
    main()
}
