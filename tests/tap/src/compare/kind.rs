//! Which lines may stand beside each other.

use crate::transcript::{Content, Direction, Exchanged, Payload, RawBytes, What, split_field};

/// What a line is about. Two lines of one kind may be a pair, whatever they say about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind<'a> {
    /// A call of this method between these two.
    Call(&'a str, &'a str, &'a str),
    /// This metadata key.
    Metadata(Direction, &'a str),
    Timeout(Direction),
    /// A message of this type.
    Message(Direction, &'a str),
    /// A message of which the type does not show.
    Bytes(Direction),
    HalfClose(Direction),
    /// How a call ended, or that it had not, whoever ended it.
    Outcome,
    Malformed(Direction),
    /// A message of this type between these two, without a network. The type is `None` where it does not show.
    Exchange(&'a str, &'a str, Option<&'a str>),
    /// The bytes of this field.
    Dump(&'a str),
    Heading(&'a str),
    /// A field, or what else has this name or begins with it.
    Named(&'a str),
    /// A text that begins with a number.
    Number,
}

impl<'a> Kind<'a> {
    pub(super) fn of(content: &'a Content) -> Self {
        match content {
            Content::Call { from, to, path, .. } => Self::Call(from, to, path),
            Content::Arrow { direction, what } => Self::arrow(*direction, what),
            Content::Exchange { from, to, what } => Self::Exchange(from, to, type_name(what)),
            // `field 4 max_results, VARINT: 3`
            Content::Dump { meaning, .. } => {
                let field = meaning.split([',', ':']).next().unwrap_or(meaning);
                Self::Dump(field)
            }
            Content::Heading(text) => Self::Heading(text),
            Content::Detail(text) => Self::detail(text),
        }
    }

    fn arrow(direction: Direction, what: &'a What) -> Self {
        match what {
            What::Metadata { key, .. } => Self::Metadata(direction, key),
            What::Timeout(_) => Self::Timeout(direction),
            What::Message { name, .. } | What::Bytes(RawBytes::NotA { name, .. }) => {
                Self::Message(direction, name)
            }
            What::Bytes(_) => Self::Bytes(direction),
            What::HalfClose => Self::HalfClose(direction),
            What::Malformed(_) => Self::Malformed(direction),
            What::Status(_) | What::Cancel | What::Reset(_) | What::Lost | What::Pending => {
                Self::Outcome
            }
        }
    }

    fn detail(text: &'a str) -> Self {
        if let Some((name, _)) = split_field(text) {
            return Self::Named(name);
        }
        let word = text.split(' ').next().unwrap_or(text);
        let digits = word.strip_prefix('-').unwrap_or(word);
        match digits.starts_with(|first: char| first.is_ascii_digit()) {
            true => Self::Number,
            false => Self::Named(word),
        }
    }
}

fn type_name(what: &Exchanged) -> Option<&str> {
    match what {
        Exchanged::Payload(
            Payload::Message { name, .. } | Payload::Bytes(RawBytes::NotA { name, .. }),
        )
        | Exchanged::Dump { name, .. } => Some(name),
        Exchanged::Payload(Payload::Bytes(_)) => None,
    }
}
