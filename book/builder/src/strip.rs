//! Messages as strips of bytes: a box for each field, in a colour of its own, with its tag, its length and its value.
//!
//! The strip is text in boxes, and not a drawing: it wraps on a telephone, and a screen reader reads it.

use std::fmt::Write as _;

use crate::bytes::{Field, Inner, Message, Parts, Value};
use crate::html::escape;

/// A text of at most so many bytes is shown byte by byte.
const MAX_SPELT_BYTES: usize = 12;

/// The theme has so many colours for fields.
const COLOURS: u64 = 6;

/// The strips of some messages.
pub(crate) fn draw(messages: &[Message]) -> String {
    let mut out = String::new();
    for message in messages {
        let size: usize = message.fields.iter().map(|field| field.size).sum();
        let _ = writeln!(
            out,
            "<div class=\"strip\">\n<p class=\"of\">{} to {}: <b>{}</b>, {}</p>",
            escape(&message.from),
            escape(&message.to),
            escape(&message.name),
            bytes_of(size),
        );
        fields(&message.fields, &mut out);
        out.push_str("</div>\n");
    }
    out
}

fn fields(fields: &[Field], out: &mut String) {
    out.push_str("<ol class=\"fields\">\n");
    for field in fields {
        let Some(parts) = &field.parts else {
            let _ = write!(
                out,
                "<li class=\"field lost\"><span class=\"what\">{}",
                escape(&field.note)
            );
            place(field, out);
            out.push_str("</span><span class=\"parts\">");
            part("value", &cells(&field.lost, false), "", out);
            out.push_str("</span></li>\n");
            continue;
        };
        // The same field has the same colour in every message.
        let colour = parts.number.saturating_sub(1) % COLOURS;
        let nested = matches!(
            parts.value,
            Value::Content {
                content: Inner::Message(..),
                ..
            }
        );
        let _ = write!(
            out,
            "<li class=\"field hue-{}{}\"><span class=\"what\"><b>{}</b>",
            colour,
            if nested { " nested" } else { "" },
            escape(&field.name)
        );
        place(field, out);
        out.push_str("</span><span class=\"parts\">");
        let says = format!("tag: {}, {}", parts.number, parts.wire);
        part("tag", &cells(&parts.tag, true), &says, out);
        let inner = value(parts, out);
        if !field.note.is_empty() {
            part("value", "…", &escape(&field.note), out);
        }
        out.push_str("</span>");
        if let Some(inner) = inner {
            self::fields(inner, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

fn place(field: &Field, out: &mut String) {
    if let Some(at) = field.at {
        let _ = write!(out, " <span class=\"at\">byte {at}</span>");
    }
}

/// What follows the tag. Returns the fields of a message within, which are drawn below.
fn value<'a>(parts: &'a Parts, out: &mut String) -> Option<&'a [Field]> {
    match &parts.value {
        Value::Number {
            bytes,
            varint,
            says,
        } => {
            let says = if says.is_empty() {
                "value".to_owned()
            } else {
                format!("value: {}", escape(says))
            };
            part("value", &cells(bytes, *varint), &says, out);
            None
        }
        Value::Content {
            length_bytes,
            length,
            content,
        } => {
            part(
                "length",
                &cells(length_bytes, true),
                &format!("length: {length}"),
                out,
            );
            match content {
                Inner::Text(text)
                    if text.len() == *length && *length <= MAX_SPELT_BYTES && *length > 0 =>
                {
                    part(
                        "value",
                        &spelt(text),
                        &format!("value: \"{}\"", escape(text)),
                        out,
                    );
                }
                Inner::Text(text) if *length > 0 => {
                    let text = format!("<span class=\"text\">\"{}\"</span>", escape(text));
                    part(
                        "value",
                        &text,
                        &format!("value: {}", bytes_of(*length)),
                        out,
                    );
                }
                Inner::Beginning(text) => {
                    let text = format!("<span class=\"text\">{}</span>", escape(text));
                    part(
                        "value",
                        &text,
                        &format!("value: {}", bytes_of(*length)),
                        out,
                    );
                }
                Inner::Message(name, fields) => {
                    let _ = write!(
                        out,
                        "<span class=\"says\">value: a message, {}</span>",
                        escape(name)
                    );
                    return (!fields.is_empty()).then_some(fields);
                }
                Inner::Hidden if *length > 0 => {
                    part(
                        "value",
                        "<span class=\"text\">…</span>",
                        &format!("value: {}", bytes_of(*length)),
                        out,
                    );
                }
                Inner::Text(_) | Inner::Hidden => {}
            }
            None
        }
    }
}

/// One of tag, length and value. `cells` and `says` are HTML.
fn part(class: &str, cells: &str, says: &str, out: &mut String) {
    let _ = write!(
        out,
        "<span class=\"part {class}\"><span class=\"cells\">{cells}</span> <span class=\"says\">{says}</span></span> "
    );
}

/// A cell for each byte. Where a varint takes several, their bits stand below, the first apart: it says whether another
/// byte follows.
fn cells(bytes: &[u8], varint: bool) -> String {
    let bits = varint && bytes.len() > 1;
    let cell = |byte: &u8| match bits {
        false => format!("<b>{byte:02x}</b>"),
        true => format!(
            "<b>{byte:02x}<i><u>{}</u> {:07b}</i></b>",
            byte >> 7,
            byte & 0x7f
        ),
    };
    bytes.iter().map(cell).collect::<Vec<_>>().join(" ")
}

/// A cell for each byte of a text, with its character below the first byte of each.
fn spelt(text: &str) -> String {
    let mut cells = Vec::new();
    for character in text.chars() {
        let mut buffer = [0; 4];
        let shown = if character == ' ' {
            '\u{2423}'
        } else {
            character
        };
        for (place, byte) in character.encode_utf8(&mut buffer).bytes().enumerate() {
            let below = if place == 0 {
                escape(&shown.to_string())
            } else {
                "\u{a0}".to_owned()
            };
            cells.push(format!("<b>{byte:02x}<i>{below}</i></b>"));
        }
    }
    cells.join(" ")
}

fn bytes_of(count: usize) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::messages;

    fn drawn(dump: &str) -> String {
        let text = format!("wirebook-transcript 2\n  program > peer  Thing, 9 bytes\n{dump}");
        draw(&messages(&text.parse().expect("a transcript")))
    }

    #[test]
    fn fields_have_a_colour_each_and_parts_have_names() {
        let html = drawn(
            "    12 03     field 2 id, LEN: 3 bytes \"né\"\n\
             \u{20}   20 ac 02  field 4 most, VARINT: 300\n\
             \u{20}   12 00     field 2 id, LEN: 0 bytes \"\"\n",
        );
        let colours: Vec<_> = html.split("hue-").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(colours, ["1", "3", "1"]);
        for part in [
            "<b>Thing</b>, 10 bytes",
            "<b>id</b> <span class=\"at\">byte 0</span>",
            "<b>12</b></span> <span class=\"says\">tag: 2, LEN",
            "<b>03</b></span> <span class=\"says\">length: 3",
            "<b>6e<i>n</i></b> <b>c3<i>é</i></b> <b>a9<i>\u{a0}</i></b>",
            "<b>ac<i><u>1</u> 0101100</i></b> <b>02<i><u>0</u> 0000010</i></b>",
            "value: 300",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn message_within_is_a_box_within() {
        let html = drawn(
            "    12 02  field 2 part, LEN: 2 bytes, a <Part>\n      08 01  field 1 on, VARINT: true\n",
        );
        assert_eq!(html.matches("<ol").count(), 2);
        assert!(
            html.contains("value: a message, &lt;Part&gt;") && html.contains("byte 2"),
            "{html}"
        );
    }
}
