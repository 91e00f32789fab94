//! Printing a transcript.

use std::fmt;

use super::deadline;
use super::model::{
    Content, Direction, Exchanged, Line, Payload, RawBytes, Timeout, Transcript, What,
};
use super::text::{is_plain, plain_or_quoted};
use super::version::{NAME, VERSION};
use crate::code::Code;

/// What a deadline says that is compared with what is left of the caller's.
pub(super) const WITHIN_LEFT: &str = "within what is left of the caller's";
pub(super) const MORE_THAN_LEFT: &str = "more than is left of the caller's";
pub(super) const LESS_THAN_HALF: &str = "less than half of what is left of the caller's";

impl fmt::Display for Transcript {
    /// The version, and every line, each with a line break at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{NAME} {VERSION}")?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gutter = if self.compared { "  " } else { "~ " };
        write!(f, "{gutter}{:1$}{2}", "", self.depth * 2, self.content)
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call {
                number,
                from,
                to,
                path,
            } => {
                let path = plain_or_quoted(path, is_plain(path));
                write!(f, "call {number}  {} > {}  {path}", party(from), party(to))
            }
            Self::Arrow { direction, what } => write!(f, "{direction} {what}"),
            Self::Exchange { from, to, what } => {
                write!(f, "{} > {}  {what}", party(from), party(to))
            }
            Self::Dump {
                bytes,
                width,
                meaning,
            } => {
                let meaning = plain_or_quoted(meaning, is_plain(meaning));
                write!(f, "{:width$}  {meaning}", hex(bytes))
            }
            Self::Heading(text) => f.write_str(&heading(text)),
            Self::Detail(text) => f.write_str(&detail(text)),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "->",
            Self::Response => "<-",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metadata { key, value } => {
                let key = plain_or_quoted(key, is_plain_key(key));
                write!(f, "{key}: {}", plain_or_quoted(value, is_plain(value)))
            }
            Self::Timeout(timeout) => write!(f, "grpc-timeout: {timeout}"),
            Self::Message { name, fields } => print_message(f, name, fields.as_deref()),
            Self::Bytes(bytes) => bytes.fmt(f),
            Self::HalfClose => f.write_str("half-close"),
            Self::Status(code) => code.fmt(f),
            Self::Cancel => f.write_str("cancel"),
            Self::Reset(code) => write!(f, "reset, HTTP/2 error {}", code.number()),
            Self::Lost => f.write_str("connection lost"),
            Self::Malformed(reason) => {
                write!(
                    f,
                    "malformed: {}",
                    plain_or_quoted(reason, is_plain(reason))
                )
            }
            Self::Pending => f.write_str("nothing yet"),
        }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(timeout) => f.write_str(&deadline::print(*timeout)),
            Self::WithinLeft => f.write_str(WITHIN_LEFT),
            Self::MoreThanLeft => f.write_str(MORE_THAN_LEFT),
            Self::LessThanHalf => f.write_str(LESS_THAN_HALF),
        }
    }
}

impl fmt::Display for RawBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untyped { length } => write!(f, "{length} {}", unit(*length)),
            Self::Compressed { length } => write!(f, "{length} compressed {}", unit(*length)),
            Self::NotA { name, length } => {
                let article = article(name);
                let name = plain_or_quoted(name, is_plain_name(name));
                write!(f, "{length} {}, not {article} {name}", unit(*length))
            }
        }
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { name, fields } => print_message(f, name, fields.as_deref()),
            Self::Bytes(bytes) => bytes.fmt(f),
        }
    }
}

impl fmt::Display for Exchanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload(payload) => payload.fmt(f),
            Self::Dump { name, length } => {
                let name = plain_or_quoted(name, is_plain_name(name));
                write!(f, "{name}, {length} {}", unit(*length))
            }
        }
    }
}

fn print_message(f: &mut fmt::Formatter<'_>, name: &str, fields: Option<&str>) -> fmt::Result {
    f.write_str(&plain_or_quoted(name, is_plain_name(name)))?;
    match fields {
        None => Ok(()),
        Some("") => f.write_str(" {}"),
        Some(fields) => write!(f, " {{ {} }}", plain_or_quoted(fields, is_plain(fields))),
    }
}

/// `byte` or `bytes`.
pub(crate) fn unit(length: usize) -> &'static str {
    if length == 1 { "byte" } else { "bytes" }
}

/// `a` or `an`, by the first letter.
pub(crate) fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    }
}

/// Bytes in hexadecimal, with a space between two. `-` for none.
fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

fn party(name: &str) -> String {
    let plain = !name.is_empty() && name != "call" && name.chars().all(in_party);
    plain_or_quoted(name, plain)
}

fn heading(text: &str) -> String {
    plain_or_quoted(
        text,
        is_plain(text) && !begins_another(text) && !text.contains(" > "),
    )
}

fn detail(text: &str) -> String {
    plain_or_quoted(
        text,
        is_plain(text) && !begins_another(text) && !begins_dump(text),
    )
}

/// Whether a line with this text would be an arrow or a call.
fn begins_another(text: &str) -> bool {
    ["->", "<-", "call "]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Whether a line with this text would be bytes and their meaning.
pub(super) fn begins_dump(text: &str) -> bool {
    let Some((bytes, _)) = text.split_once("  ") else {
        return false;
    };
    let is_byte = |pair: &str| pair.len() == 2 && pair.bytes().all(is_hex_digit);
    bytes == "-" || bytes.split(' ').all(is_byte)
}

fn is_hex_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

/// What the name of a program is made of.
pub(super) fn in_party(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.".contains(character)
}

/// What the name of a message's type is made of. It does not begin with a digit.
pub(super) fn in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn is_plain_name(name: &str) -> bool {
    let reads_as_another =
        name == "cancel" || name.starts_with("CODE_") || name.parse::<Code>().is_ok();
    name.starts_with(|first: char| in_name(first) && !first.is_ascii_digit())
        && name.chars().all(in_name)
        && !reads_as_another
}

/// What a metadata key is made of: what an HTTP header's name is, in lower case.
pub(super) fn in_key(character: char) -> bool {
    character.is_ascii_lowercase()
        || character.is_ascii_digit()
        || "!#$%&'*+-.^_`|~".contains(character)
}

fn is_plain_key(key: &str) -> bool {
    let reads_as_another = ["malformed", "grpc-timeout"].contains(&key);
    !key.is_empty() && key.chars().all(in_key) && !reads_as_another
}
