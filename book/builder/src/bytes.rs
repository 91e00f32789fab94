//! Messages that a transcript shows byte by byte, as fields: what is tag, length and value, and where each begins.
//!
//! Numbers, lengths and places are read out of the bytes. Only names, and what a value says, are taken from the text
//! beside them. No markup here: `strip` draws it.

use tap::{Content, Exchanged, Line, Payload, RawBytes, Transcript};

/// A message and its fields.
#[derive(Debug)]
pub(crate) struct Message {
    /// Who sent it.
    pub(crate) from: String,
    /// Who got it.
    pub(crate) to: String,
    /// The name of its type.
    pub(crate) name: String,
    /// In the order of the bytes.
    pub(crate) fields: Vec<Field>,
}

/// One field, or bytes that are none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Where it begins in the message, counted from 0. The entries of a map are not listed in the order in which
    /// they came, so they have none.
    pub(crate) at: Option<usize>,
    /// How many bytes it takes.
    pub(crate) size: usize,
    /// As in the contract, or `unknown`.
    pub(crate) name: String,
    /// Its number, its wire type and what follows, or nothing where the bytes make no sense.
    pub(crate) parts: Option<Parts>,
    /// The bytes that make no sense.
    pub(crate) lost: Vec<u8>,
    /// What else is said of it.
    pub(crate) note: String,
}

/// What a field is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The field's number.
    pub(crate) number: u64,
    /// The name of its wire type.
    pub(crate) wire: &'static str,
    /// The bytes of the tag.
    pub(crate) tag: Vec<u8>,
    /// What follows the tag.
    pub(crate) value: Value,
}

/// What follows a tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number: its bytes, and what they say.
    Number {
        /// In the order of the wire.
        bytes: Vec<u8>,
        /// Whether the highest bit of each says that another follows.
        varint: bool,
        /// As the contract reads it.
        says: String,
    },
    /// A length and so many bytes.
    Content {
        /// The bytes of the length.
        length_bytes: Vec<u8>,
        /// How many bytes follow.
        length: usize,
        /// What they are.
        content: Inner,
    },
}

/// What is in a length-delimited field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Inner {
    /// A text that is shown as a whole.
    Text(String),
    /// The beginning of a long text, in quotes.
    Beginning(String),
    /// A message: the name of its type, and its fields.
    Message(String, Vec<Field>),
    /// Bytes that are not shown.
    Hidden,
}

/// The messages whose bytes a transcript shows.
pub(crate) fn messages(transcript: &Transcript) -> Vec<Message> {
    let mut messages = Vec::new();
    let lines = &transcript.lines;
    for (place, line) in lines.iter().enumerate() {
        let Content::Exchange { from, to, what } = &line.content else {
            continue;
        };
        let rest = &lines[place + 1..];
        let end = rest.iter().position(|line| line.depth == 0);
        let dumps: Vec<_> = rest[..end.unwrap_or(rest.len())]
            .iter()
            .filter(|line| matches!(line.content, Content::Dump { .. }))
            .collect();
        let (Some(first), Some(name)) = (dumps.first(), type_name(what)) else {
            continue;
        };
        let mut dumps = Dumps { lines: &dumps };
        messages.push(Message {
            from: from.clone(),
            to: to.clone(),
            name,
            fields: dumps.fields(first.depth, Some(0)),
        });
    }
    messages
}

fn type_name(what: &Exchanged) -> Option<String> {
    match what {
        Exchanged::Dump { name, .. } | Exchanged::Payload(Payload::Message { name, .. }) => {
            Some(name.clone())
        }
        Exchanged::Payload(Payload::Bytes(
            RawBytes::NotA { .. } | RawBytes::Untyped { .. } | RawBytes::Compressed { .. },
        )) => None,
    }
}

/// The lines that are still to be read.
struct Dumps<'a> {
    lines: &'a [&'a Line],
}

impl Dumps<'_> {
    /// The fields at this depth. `at` is where the first of them begins.
    fn fields(&mut self, depth: usize, mut at: Option<usize>) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        while let [line, rest @ ..] = self.lines
            && line.depth == depth
            && let Content::Dump { bytes, meaning, .. } = &line.content
        {
            self.lines = rest;
            let mut field = field(bytes, meaning, at);
            if let Some(Parts {
                value:
                    Value::Content {
                        content: Inner::Message(_, inner),
                        ..
                    },
                ..
            }) = &mut field.parts
            {
                let begin = at.map(|at| at + bytes.len());
                *inner = self.fields(depth + 1, begin);
            }
            at = at.map(|at| at + field.size);
            fields.push(field);
        }
        forget_places_of_entries(&mut fields);
        fields
    }
}

/// Where an entry of a map stands among the others is not known, nor what stands between two of them.
fn forget_places_of_entries(fields: &mut [Field]) {
    let entries = || (0..fields.len()).filter(|place| is_entry(&fields[*place]));
    if let (Some(first), Some(last)) = (entries().next(), entries().next_back())
        && first < last
    {
        fields[first..=last].iter_mut().for_each(forget);
    }
}

fn forget(field: &mut Field) {
    field.at = None;
    if let Some(Parts {
        value:
            Value::Content {
                content: Inner::Message(_, inner),
                ..
            },
        ..
    }) = &mut field.parts
    {
        inner.iter_mut().for_each(forget);
    }
}

/// Whether a field is an entry of a map: its type then has the field's own name and `Entry`, in camel case.
fn is_entry(field: &Field) -> bool {
    let Some(Parts {
        value:
            Value::Content {
                content: Inner::Message(name, _),
                ..
            },
        ..
    }) = &field.parts
    else {
        return false;
    };
    let camel = field.name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    *name == format!("{}Entry", camel.collect::<String>())
}

/// One field of its line.
fn field(bytes: &[u8], meaning: &str, at: Option<usize>) -> Field {
    let lost = |note: &str| Field {
        at,
        size: bytes.len(),
        name: String::new(),
        parts: None,
        lost: bytes.to_vec(),
        note: note.to_owned(),
    };
    let Some((key, tag_length)) = varint(bytes) else {
        return lost(meaning);
    };
    let (number, wire) = (key >> 3, key & 7);
    let said = meaning.strip_prefix(&format!("field {number} "));
    let Some((name, said)) = said.and_then(|said| said.split_once(", ")) else {
        return lost(meaning);
    };
    let says = said.split_once(": ").map_or("", |(_, says)| says);
    let (says, run) = cut_run(says);
    let (tag, rest) = bytes.split_at(tag_length);
    let number_of = |varint| Value::Number {
        bytes: rest.to_vec(),
        varint,
        says: says.to_owned(),
    };
    let (wire, value, content) = match wire {
        0 => ("VARINT", number_of(true), 0),
        1 => ("I64", number_of(false), 0),
        5 => ("I32", number_of(false), 0),
        2 => {
            let Some(length) = varint(rest).and_then(|(length, _)| usize::try_from(length).ok())
            else {
                return lost(meaning);
            };
            let value = Value::Content {
                length_bytes: rest.to_vec(),
                length,
                content: inner(says),
            };
            ("LEN", value, length)
        }
        _ => return lost(meaning),
    };
    Field {
        at,
        size: run.map_or(bytes.len() + content, |(size, _)| size),
        name: name.to_owned(),
        parts: Some(Parts {
            number,
            wire,
            tag: tag.to_vec(),
            value,
        }),
        lost: Vec::new(),
        note: run.map_or_else(String::new, |(_, note)| note.to_owned()),
    }
}

/// What a line says of its value, and, where it stands for many like it, how many bytes they are and the words for it.
fn cut_run(says: &str) -> (&str, Option<(usize, &str)>) {
    let run = says.strip_suffix(" bytes in all").and_then(|cut| {
        let (first, more) = cut.rsplit_once(", and ")?;
        let (_, size) = more.rsplit_once(", ")?;
        Some((first, (size.parse().ok()?, &says[first.len() + 2..])))
    });
    run.map_or((says, None), |(first, run)| (first, Some(run)))
}

/// What is in a length-delimited field, of what its line says behind the wire type: `7 bytes "doc-001"`.
fn inner(says: &str) -> Inner {
    let rest = says.split_once(" byte").map_or("", |(_, rest)| rest);
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    if let Some(name) = rest.strip_prefix(", ") {
        let name = name.split_once(' ').map_or(name, |(_article, name)| name);
        return Inner::Message(name.to_owned(), Vec::new());
    }
    let Some(text) = rest.strip_prefix(" \"") else {
        return Inner::Hidden;
    };
    match (text.strip_suffix('"'), text.rsplit_once("\".. ")) {
        (Some(whole), _) if !whole.contains('\\') => Inner::Text(whole.to_owned()),
        (Some(whole), _) => Inner::Beginning(format!("\"{whole}\"")),
        (None, Some((beginning, _))) => Inner::Beginning(format!("\"{beginning}\"…")),
        (None, None) => Inner::Hidden,
    }
}

/// The varint at the beginning of these bytes, and how many it takes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let last = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)?;
    let groups = bytes[..=last].iter().rev();
    let value = groups.fold(0u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((value, last + 1))
}

#[cfg(test)]
mod tests;
