//! A message of a lesson without a network, as lines of a transcript.

use std::collections::BTreeMap;

use crate::dump::{DumpLine, dump};
use crate::fields::{Entry, Reading, Shown, read};
use crate::render::{ONE_LINE_CHARS, Renderer, content, not_a, one_line};
use crate::scalar::Floats;
use crate::schema::MessageType;
use crate::transcript::{Content, Exchanged, Line, Payload, RawBytes, unit};
use crate::wire::fields;

/// How a message of a lesson without a network is shown and compared. Each names the message's type, `package.Message`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View<'a> {
    /// Compared by its fields, as a message of a call is, and shown byte by byte below: tags, lengths, values. The order of
    /// the fields does not count, nor a default that is written out, a packed or an unpacked list, a number that takes
    /// more bytes than it needs.
    Bytes(&'a str),
    /// As [`View::Bytes`], and no field that holds one number or one text may stand there twice. By the specification the
    /// last one counts, and a message that was encoded twice into one buffer means the same as once: for an exercise in
    /// which that is a mistake, and nobody passes on what others wrote.
    EachOnce(&'a str),
    /// Byte by byte, and so compared. For an exercise that is about bytes.
    ExactBytes(&'a str),
    /// By its fields alone.
    Fields(&'a str),
}

impl<'a> View<'a> {
    /// The name of the message's type.
    pub fn type_name(self) -> &'a str {
        let (Self::Bytes(name)
        | Self::EachOnce(name)
        | Self::ExactBytes(name)
        | Self::Fields(name)) = self;
        name
    }
}

/// The lines of a message that `from` sent to `to`, from depth 0. One whose type the renderer does not know is shown by its
/// length and its content.
pub fn exchange(
    renderer: &Renderer,
    from: &str,
    to: &str,
    view: View<'_>,
    bytes: &[u8],
) -> Vec<Line> {
    let length = bytes.len();
    let type_name = view.type_name();
    let (what, mut below) = match (renderer.message_type(type_name), view) {
        (Some(message_type), View::ExactBytes(_)) => {
            let name = message_type.name().to_owned();
            let below = dump_lines(message_type, bytes);
            (Exchanged::Dump { name, length }, below)
        }
        (Some(message_type), View::Fields(_)) => by_fields(renderer, message_type, bytes),
        (Some(message_type), View::Bytes(_) | View::EachOnce(_)) => {
            let (what, mut below) = by_fields(renderer, message_type, bytes);
            if let View::EachOnce(_) = view {
                below.extend(details(standing_twice(message_type, bytes)));
            }
            let length = Content::Detail(format!("{length} {}", unit(length)));
            let dump = dump_lines(message_type, bytes);
            let shown = std::iter::once(line(1, length)).chain(dump);
            below.extend(shown.map(|line| Line {
                compared: false,
                ..line
            }));
            (what, below)
        }
        (None, _) => {
            let untyped = Payload::Bytes(RawBytes::Untyped { length });
            (Exchanged::Payload(untyped), details(content(bytes)))
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

/// No field is printed as another text.
static NOTHING: BTreeMap<&str, &str> = BTreeMap::new();

/// What the first line says of a message that is compared by its fields, and the lines below it.
fn by_fields(
    renderer: &Renderer,
    message_type: MessageType<'_>,
    bytes: &[u8],
) -> (Exchanged, Vec<Line>) {
    let reading = Reading {
        // Nothing varies from run to run, and nothing was computed: each value is sent as it was given.
        redacted: &NOTHING,
        floats: Floats::Exact,
        ..renderer.reading()
    };
    let Ok(read) = read(reading, message_type, bytes) else {
        let payload = not_a(message_type, bytes);
        return (Exchanged::Payload(payload), details(content(bytes)));
    };
    let (payload, entries) = one_line(message_type, read.entries);
    let mut below = Vec::new();
    expand(&entries, 1, &mut below);
    (Exchanged::Payload(payload), below)
}

/// A line for each field with a single value, other than a message, that stands in the bytes more than once.
fn standing_twice(message_type: MessageType<'_>, bytes: &[u8]) -> Vec<String> {
    let mut counts = BTreeMap::new();
    for read in fields(bytes).map_while(Result::ok) {
        let field = message_type.field(read.number);
        if let Some(field) = field.filter(|field| !field.repeated() && !field.is_message()) {
            *counts.entry((field.number(), field.name())).or_insert(0) += 1;
        }
    }
    let often = counts.into_iter().filter(|(_, count)| *count > 1);
    often
        .map(|((_, name), count)| format!("{name} stands there {count} times"))
        .collect()
}

/// A line for each field, and for each field of a message that is too wide for one.
fn expand(entries: &[Entry], depth: usize, out: &mut Vec<Line>) {
    for entry in entries {
        let text = entry.to_string();
        match &entry.shown {
            Shown::Message(inner) if !inner.is_empty() && text.chars().count() > ONE_LINE_CHARS => {
                out.push(line(depth, Content::Detail(entry.label.clone())));
                expand(inner, depth + 1, out);
            }
            _ => out.push(line(depth, Content::Detail(text))),
        }
    }
}

fn details(texts: Vec<String>) -> Vec<Line> {
    let texts = texts.into_iter().map(Content::Detail);
    texts.map(|content| line(1, content)).collect()
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
mod tests;
