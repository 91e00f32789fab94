//! Fields of hand-made dumps.

use super::*;

fn fields(dump: &str) -> Vec<Field> {
    let text = format!("wirebook-transcript 2\n  program > peer  Thing, 9 bytes\n{dump}");
    let mut messages = messages(&text.parse().expect("a transcript"));
    assert_eq!(messages.len(), 1);
    messages.remove(0).fields
}

#[test]
fn tag_length_and_value_are_told_apart() {
    let fields = fields(
        "    0a 8d 01  field 1 text, LEN: 141 bytes \"Licence ag\".. 141 characters #c5da4bd8\n\
             \u{20}   12 02     field 2 id, LEN: 2 bytes \"ab\"\n\
             \u{20}   20 ac 02  field 4 most, VARINT: 300\n",
    );
    let places: Vec<_> = fields.iter().map(|field| (field.at, field.size)).collect();
    assert_eq!(places, [(Some(0), 144), (Some(144), 4), (Some(148), 3)]);
    let Some(Parts {
        number: 1,
        wire: "LEN",
        tag,
        value,
    }) = &fields[0].parts
    else {
        panic!("{:?}", fields[0]);
    };
    assert_eq!(tag, &[0x0a]);
    let beginning = Inner::Beginning("\"Licence ag\"…".to_owned());
    let expected = Value::Content {
        length_bytes: vec![0x8d, 1],
        length: 141,
        content: beginning,
    };
    assert_eq!(value, &expected);
    let number = Value::Number {
        bytes: vec![0xac, 2],
        varint: true,
        says: "300".to_owned(),
    };
    assert_eq!(
        fields[2].parts.as_ref().map(|parts| &parts.value),
        Some(&number)
    );
}

#[test]
fn message_within_begins_behind_its_length() {
    let fields = fields(
        "    08 01  field 1 kind, VARINT: 1 A\n\
             \u{20}   12 04  field 2 part, LEN: 4 bytes, a Part\n\
             \u{20}     0a 02  field 1 tag, LEN: 2 bytes \"ab\"\n\
             \u{20}   18 05  field 3 most, VARINT: 5\n",
    );
    assert_eq!(fields[2].at, Some(8));
    let Some(Parts {
        value:
            Value::Content {
                content: Inner::Message(name, inner),
                ..
            },
        ..
    }) = &fields[1].parts
    else {
        panic!("{:?}", fields[1]);
    };
    assert_eq!((name.as_str(), inner[0].at), ("Part", Some(4)));
}

#[test]
fn place_is_known_or_not_said() {
    let fields = fields(
        "    0a 02  field 1 more_data, LEN: 2 bytes, a MoreDataEntry\n\
             \u{20}     0a 00  field 1 key, LEN: 0 bytes \"\"\n\
             \u{20}   0a 00  field 1 more_data, LEN: 0 bytes, a MoreDataEntry\n\
             \u{20}   78 07  field 15 unknown, VARINT: 7, and 4 more like it, 10 bytes in all\n\
             \u{20}   18 05  field 3 most, VARINT: 5\n\
             \u{20}   0a 05 61  the length goes past the end of the message\n",
    );
    let places: Vec<_> = fields.iter().map(|field| field.at).collect();
    assert_eq!(places, [None, None, Some(6), Some(16), Some(18)]);
    assert_eq!(fields[2].note, "and 4 more like it, 10 bytes in all");
    assert!(fields[4].parts.is_none() && fields[4].lost == [0x0a, 5, 0x61]);
}
