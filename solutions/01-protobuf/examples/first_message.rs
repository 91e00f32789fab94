//! A message becomes bytes, and bytes become a message or an error. The page "Protobuf" shows these parts, and the
//! test runs them.
//!
//!     cargo run -p solution-protobuf --example first_message

use prost::{DecodeError, Message};
use proto::classification::v1::{ClassifyRequest, ClassifyResponse};

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
    another_type()
}

/// The question about bytes that do not name their type.
fn another_type() -> Result<(), DecodeError> {
    // ANCHOR: other_type
    let request = ClassifyRequest {
        text: "Dear Ms Orr".to_owned(),
        max_results: Some(3),
        ..Default::default()
    };
    let response = ClassifyResponse::decode(request.encode_to_vec().as_slice())?;
    println!(
        "{} and {}",
        response.document_id, response.processing_time_ms
    );
    // ANCHOR_END: other_type
    assert_eq!(response.document_id, "Dear Ms Orr");
    assert_eq!(response.processing_time_ms, 3);
    let request = ClassifyRequest {
        document_id: "doc-478".to_owned(),
        ..request
    };
    assert!(ClassifyResponse::decode(request.encode_to_vec().as_slice()).is_err());
    Ok(())
}

#[test]
fn the_page_is_right() -> Result<(), DecodeError> {
    main()
}

/// The question about sizes.
#[test]
fn the_sizes_are_right() {
    use proto::classification::v1::ClassificationResult;

    let result = ClassificationResult {
        document_type: 1,
        confidence: 0.6201,
        ..Default::default()
    };
    let response = ClassifyResponse {
        results: vec![result; 100],
        ..Default::default()
    };
    assert_eq!(response.encoded_len(), 900);
    let result = r#"{"documentType":"DOCUMENT_TYPE_INVOICE","confidence":0.6201}"#;
    let json = format!("{{\"results\":[{}]}}", vec![result; 100].join(","));
    assert_eq!(json.len(), 6113);
}

/// What the page says that the example prints.
#[test]
fn the_error_reads_so() {
    let error =
        ClassifyRequest::decode(b"\x12\x05doc".as_slice()).map_err(|error| error.to_string());
    let text = "failed to decode Protobuf message: ClassifyRequest.document_id: buffer underflow";
    assert_eq!(error, Err(text.to_owned()));
}
