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

#[test]
fn the_page_is_right() {
    main();
}
