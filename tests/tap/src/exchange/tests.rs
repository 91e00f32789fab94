//! Messages in several encodings, and what is printed of them.

use prost::Message as _;

use super::*;
use crate::testing::{Part, Thing, file_descriptor_set};
use crate::transcript::Transcript;

fn shown(view: View<'_>, bytes: &[u8]) -> String {
    let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
    // A field of calls. Here, its value counts.
    let renderer = renderer.redact("t.Thing.took_ms", "(varies)");
    let lines = exchange(&renderer, "program", "peer", view, bytes);
    let text = Transcript { lines }.to_string();
    let (_version, lines) = text.split_once('\n').expect("a version");
    lines.to_owned()
}

fn message(name: &str) -> Vec<u8> {
    let message = Thing {
        name: name.to_owned(),
        parts: vec![Part {
            tags: vec!["t".to_owned()],
        }],
        ..Default::default()
    };
    message.encode_to_vec()
}

#[test]
fn bytes_are_padded_to_the_longest() {
    let long = message(&"n".repeat(200));
    let text = shown(View::ExactBytes("t.Thing"), &long);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "  program > peer  Thing, 208 bytes");
    assert!(lines[1].starts_with("    0a c8 01  field 1 name, LEN: 200 bytes"));
    assert_eq!(
        lines[2],
        "    12 03     field 2 parts, LEN: 3 bytes, a Part"
    );
    assert_eq!(lines[3], "      0a 01     field 1 tags, LEN: 1 byte \"t\"");
    assert_eq!(lines.len(), 4);
}

#[test]
fn fields_are_on_one_line_or_below() {
    let text = shown(View::Fields("t.Thing"), &message("ab"));
    let expected = "  program > peer  Thing { name: \"ab\", parts: { tags: [\"t\"] } }\n";
    assert_eq!(text, expected);
    let text = shown(View::Fields("t.Thing"), &message(&"n".repeat(70)));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "  program > peer  Thing");
    assert_eq!(lines[2], "    parts: { tags: [\"t\"] }");
}

#[test]
fn other_bytes_have_a_length() {
    assert_eq!(
        shown(View::Bytes("t.None"), b"x"),
        "  program > peer  1 byte\n    content: 78\n"
    );
    let text = shown(View::Fields("t.Thing"), &[0x80]);
    assert_eq!(
        text,
        "  program > peer  1 byte, not a Thing\n    content: 80\n"
    );
}

/// The lines that are compared.
fn compared(type_name: &str, bytes: &[u8]) -> String {
    let text = shown(View::Bytes(type_name), bytes);
    let lines = text.lines().filter(|line| !line.starts_with('~'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_message_is_compared_by_its_fields_and_its_bytes_are_shown() {
    let expected = "  program > peer  Thing { name: \"ab\", delta: -1 }
~   6 bytes
~   30 01  field 6 delta, VARINT: -1
~   0a 02  field 1 name, LEN: 2 bytes \"ab\"
";
    let bytes = [0x30, 1, 0x0a, 2, b'a', b'b'];
    assert_eq!(shown(View::Bytes("t.Thing"), &bytes), expected);
}

#[test]
fn encodings_of_one_message_are_the_same_to_a_comparison() {
    for (what, one, other) in [
        (
            "order of the fields",
            &[0x0a, 1, b'x', 0x20, 1][..],
            &[0x20, 1, 0x0a, 1, b'x'][..],
        ),
        (
            "a default written out",
            &[0x20, 1],
            &[0x20, 1, 0x0a, 0, 0x38, 0],
        ),
        ("the last one of two", &[0x20, 1], &[0x20, 7, 0x20, 1]),
        ("a number with zeros", &[0x20, 1], &[0x20, 0x81, 0x80, 0x00]),
        ("a tag with zeros", &[0x20, 1], &[0xa0, 0x80, 0x00, 1]),
        (
            "a length with zeros",
            &[0x0a, 1, b'x'],
            &[0x0a, 0x81, 0x00, b'x'],
        ),
        (
            "a number that is cut to its type",
            &[],
            &[0x20, 0x80, 0x80, 0x80, 0x80, 0x10],
        ),
    ] {
        assert_eq!(
            compared("t.Thing", one),
            compared("t.Thing", other),
            "{what}"
        );
        let exact = |bytes| shown(View::ExactBytes("t.Thing"), bytes);
        assert_ne!(exact(one), exact(other), "{what}");
    }
    for (what, one, other) in [
        // `many_5`, a repeated int32.
        (
            "packed",
            &[0xca, 1, 2, 1, 2][..],
            &[0xc8, 1, 1, 0xc8, 1, 2][..],
        ),
        // `one_11`, a message that comes in parts.
        (
            "in parts",
            &[0x5a, 6, 0x0a, 1, b'a', 0x0a, 1, b'b'],
            &[0x5a, 3, 0x0a, 1, b'a', 0x5a, 3, 0x0a, 1, b'b'],
        ),
    ] {
        assert_eq!(
            compared("t.Every", one),
            compared("t.Every", other),
            "{what}"
        );
    }
}

#[test]
fn other_messages_are_other_messages() {
    for (what, one, other) in [
        ("a value", &[0x20, 1][..], &[0x20, 2][..]),
        ("a value that varies in calls", &[0x38, 1], &[0x38, 2]),
        ("an unknown value", &[0x98, 6, 5], &[0x98, 6, 6]),
        ("an unknown wire type", &[0x98, 6, 5], &[0x9a, 6, 0]),
        ("two unknown ones", &[0x98, 6, 5], &[0x98, 6, 5, 0x98, 6, 5]),
        (
            "an unknown one that is nested",
            &[0x12, 3, 0x98, 6, 5],
            &[0x12, 3, 0x98, 6, 6],
        ),
        (
            "the order of a list",
            &[0x12, 0, 0x12, 2, 0x0a, 0],
            &[0x12, 2, 0x0a, 0, 0x12, 0],
        ),
        ("what is not a message", &[0x80], &[0x81]),
    ] {
        assert_ne!(
            compared("t.Thing", one),
            compared("t.Thing", other),
            "{what}"
        );
    }
    // `perhaps`, an optional field: set to its default, and absent.
    assert_ne!(compared("t.Every", &[0xd0, 2, 0]), compared("t.Every", &[]));
    // `one_2`, a float: in its last bit.
    let float = |bits: f32| [&[0x15][..], &bits.to_le_bytes()].concat();
    let next = f32::from_bits(0.62_f32.to_bits() + 1);
    assert_ne!(
        compared("t.Every", &float(0.62)),
        compared("t.Every", &float(next))
    );
}

#[test]
fn a_wide_message_within_a_message_has_lines_of_its_own() {
    let inner = [&[0x0a, 80][..], &[b'n'; 80], &[0x0a, 1, b'm']].concat();
    let bytes = [&[0x12, inner.len() as u8][..], &inner].concat();
    let text = shown(View::Fields("t.Thing"), &bytes);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], ["  program > peer  Thing", "    parts"]);
    assert!(lines[2].starts_with("      tags: [\"nnn"), "{text}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn field_that_stands_twice_differs_only_where_each_may_stand_once() {
    let once = Thing {
        name: "ab".to_owned(),
        ..Default::default()
    }
    .encode_to_vec();
    let twice = once.repeat(2);
    let compared = |view: View<'_>, bytes: &[u8]| -> Vec<String> {
        let text = shown(view, bytes);
        let lines = text.lines().filter(|line| !line.starts_with('~'));
        lines.map(str::to_owned).collect()
    };
    let bytes = View::Bytes("t.Thing");
    assert_eq!(compared(bytes, &once), compared(bytes, &twice));
    let each_once = View::EachOnce("t.Thing");
    assert_eq!(compared(each_once, &once), compared(bytes, &once));
    assert!(compared(each_once, &twice).contains(&"    name stands there 2 times".to_owned()));
    // A list, and a message in parts, may well.
    let parts = message("").repeat(2);
    assert_eq!(compared(each_once, &parts), compared(bytes, &parts));
}
