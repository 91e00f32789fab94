//! A message of a lesson without a network, as lines of a transcript.

use crate::dump::{DumpLine, dump};
use crate::render::Renderer;
use crate::schema::MessageType;
use crate::transcript::{Content, Exchanged, Line, Payload, RawBytes};

/// How a message of a lesson without a network is shown. Each names the message's type, `package.Message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View<'a> {
    /// Byte by byte: tags, lengths, values. For what has one encoding in practice.
    Bytes(&'a str),
    /// By its fields, in the order of their declaration: for what right programs encode in different ways.
    Fields(&'a str),
}

/// The lines of a message that `from` sent to `to`, from depth 0. One whose type the renderer does not know is shown by its
/// length.
pub fn exchange(
    renderer: &Renderer,
    from: &str,
    to: &str,
    view: View<'_>,
    bytes: &[u8],
) -> Vec<Line> {
    let length = bytes.len();
    let (View::Bytes(type_name) | View::Fields(type_name)) = view;
    let (what, mut below) = match (renderer.message_type(type_name), view) {
        (Some(message_type), View::Bytes(_)) => {
            let name = message_type.name().to_owned();
            let below = dump_lines(message_type, bytes);
            (Exchanged::Dump { name, length }, below)
        }
        (Some(message_type), View::Fields(_)) => {
            let rendered = renderer.message(message_type, bytes);
            let details = rendered.details.into_iter().map(Content::Detail);
            let below = details.map(|content| line(1, content)).collect();
            (Exchanged::Payload(rendered.payload), below)
        }
        (None, _) => {
            let bytes = RawBytes::Untyped { length };
            (Exchanged::Payload(Payload::Bytes(bytes)), Vec::new())
        }
    };
    let first = Content::Exchange {
        from: from.to_owned(),
        to: to.to_owned(),
        what,
    };
    let mut lines = vec![line(0, first)];
    lines.append(&mut below);
    lines
}

/// The fields of a message, their bytes padded to the longest of them.
fn dump_lines(message_type: MessageType<'_>, bytes: &[u8]) -> Vec<Line> {
    let fields = dump(message_type, bytes);
    // Two columns for each byte, and one between two bytes.
    let columns = fields
        .iter()
        .map(|field| (field.bytes.len() * 3).saturating_sub(1));
    let width = columns.max().unwrap_or(0);
    let content = |field: DumpLine| {
        let dump = Content::Dump {
            bytes: field.bytes,
            width,
            meaning: field.meaning,
        };
        line(1 + field.depth, dump)
    };
    fields.into_iter().map(content).collect()
}

fn line(depth: usize, content: Content) -> Line {
    Line {
        depth,
        compared: true,
        content,
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::testing::{Part, Thing, file_descriptor_set};
    use crate::transcript::Transcript;

    fn shown(view: View<'_>, bytes: &[u8]) -> String {
        let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
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
        let text = shown(View::Bytes("t.Thing"), &long);
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
            "  program > peer  1 byte\n"
        );
        let text = shown(View::Fields("t.Thing"), &[0x80]);
        assert_eq!(text, "  program > peer  1 byte, not a Thing\n");
    }
}
