//! A oneof is an enum in an `Option`, and a map is a `HashMap`. The page "What a field can say" shows these parts, and
//! the test runs them.
//!
//!     cargo run -p solution-protobuf --example oneof

use std::collections::HashMap;

use prost::{DecodeError, Message};
use proto::classification::v1::classification_event::EventType;
use proto::classification::v1::{ClassificationEvent, ErrorEvent};

// ANCHOR: match
fn kind(event: ClassificationEvent) -> String {
    match event.event_type {
        Some(EventType::ClassificationFailed(why)) => format!("failed: {}", why.code),
        Some(_) => "another kind".to_owned(),
        None => "none, or one that only a newer contract has".to_owned(),
    }
}
// ANCHOR_END: match

fn main() -> Result<(), DecodeError> {
    // ANCHOR: build
    let error = ErrorEvent {
        code: "TOO_LARGE".to_owned(),
        metadata: HashMap::from([("limit".to_owned(), "100000".to_owned())]),
        ..Default::default()
    };
    let event = ClassificationEvent {
        correlation_id: "doc-7".to_owned(),
        event_type: Some(EventType::ClassificationFailed(error)),
    };
    // ANCHOR_END: build
    let bytes = event.encode_to_vec();
    assert_eq!(bytes.len(), 37);
    // ANCHOR: use
    assert_eq!(kind(event), "failed: TOO_LARGE");
    // Field 5 is in these bytes, and not in this program's contract.
    let newer = ClassificationEvent::decode(b"\x2a\x02\x08\x01".as_slice())?;
    assert_eq!(newer.event_type, None);
    // ANCHOR_END: use

    // The question about a oneof that is in the bytes twice: field 1, then field 2.
    // ANCHOR: twice
    let both = ClassificationEvent::decode(b"\x0a\x00\x12\x00".as_slice())?;
    // ANCHOR_END: twice
    assert_eq!(
        both.event_type,
        Some(EventType::ClassificationComplete(Default::default()))
    );
    let unknown = b"\x2a\x02\x08\x01\x22\x05doc-7";
    let unknown = ClassificationEvent::decode(unknown.as_slice())?;
    assert_eq!(unknown.correlation_id, "doc-7");
    assert!(kind(unknown).starts_with("none"));
    println!("{}; {}", kind(newer), kind(both));
    Ok(())
}

#[test]
fn the_page_is_right() -> Result<(), DecodeError> {
    main()
}
