//! A field that is set to zero, one that is not set, and an enum value that this program does not know. The page "What a
//! field can say" shows these parts, and the test runs them.
//!
//!     cargo run -p solution-protobuf --example presence_and_enums

use prost::{Message, UnknownEnumValue};
use proto::classification::v1::{ClassificationResult, ClassifyRequest, DocumentType};

// ANCHOR: match
fn wanted(request: &ClassifyRequest) -> String {
    match request.max_results {
        None => "not set".to_owned(),
        Some(count) => format!("set to {count}"),
    }
}
// ANCHOR_END: match

fn main() {
    // ANCHOR: presence
    let zero = ClassifyRequest {
        max_results: Some(0),
        ..Default::default()
    };
    let unset = ClassifyRequest::default();
    assert_eq!(wanted(&zero), "set to 0");
    assert_eq!(wanted(&unset), "not set");
    // The method of the same name cannot tell them apart.
    assert_eq!(zero.max_results(), 0);
    assert_eq!(unset.max_results(), 0);
    // ANCHOR_END: presence

    // ANCHOR: set_enum
    let invoice = ClassificationResult {
        document_type: DocumentType::Invoice.into(),
        ..Default::default()
    };
    assert_eq!(invoice.document_type, 1);
    assert_eq!(
        DocumentType::try_from(invoice.document_type),
        Ok(DocumentType::Invoice)
    );
    // ANCHOR_END: set_enum

    // ANCHOR: newer
    let newer = ClassificationResult {
        document_type: 27,
        ..Default::default()
    };
    assert_eq!(
        DocumentType::try_from(newer.document_type),
        Err(UnknownEnumValue(27))
    );
    // The method hides that a type was set.
    assert_eq!(newer.document_type(), DocumentType::Unspecified);
    // The field keeps the number, so it is sent on as it came.
    assert_eq!(newer.encode_to_vec(), [0x08, 27]);
    // ANCHOR_END: newer
    println!(
        "{}; {}; {newer:?}",
        wanted(&zero),
        invoice.document_type().as_str_name()
    );
}

/// A relay that loses a type which it does not know: the question about it.
#[cfg(test)]
fn without_keywords(result: &ClassificationResult) -> ClassificationResult {
    // ANCHOR: relay
    ClassificationResult {
        document_type: result.document_type().into(),
        confidence: result.confidence,
        keywords: Vec::new(),
    }
    // ANCHOR_END: relay
}

#[test]
fn the_page_is_right() {
    main();
    let newer = ClassificationResult {
        document_type: 27,
        ..Default::default()
    };
    assert_eq!(without_keywords(&newer).encode_to_vec(), []);
    let bare = ClassificationResult::decode(b"\x15\x3d\x0a\x57\x3e".as_slice());
    assert_eq!(bare.map(|result| result.document_type), Ok(0));
}

/// Three numbers, packed as they are written and one by one as they may be read; three strings.
#[test]
fn the_bytes_of_the_question_are_right() {
    use prost::encoding::{DecodeContext, WireType, decode_key, int32};

    let mut packed = Vec::new();
    int32::encode_packed(1, &[1, 2, 3], &mut packed);
    assert_eq!(packed, b"\x0a\x03\x01\x02\x03");
    let mut bytes = b"\x08\x01\x08\x02\x08\x03".as_slice();
    let mut counts = Vec::new();
    while let Ok((1, WireType::Varint)) = decode_key(&mut bytes) {
        int32::merge_repeated(
            WireType::Varint,
            &mut counts,
            &mut bytes,
            DecodeContext::default(),
        )
        .expect("one number");
    }
    assert_eq!(counts, [1, 2, 3]);
}
