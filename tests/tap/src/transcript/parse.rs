//! Reading a transcript.

use std::fmt;
use std::str::FromStr;

use super::deadline;
use super::model::{
    Content, Direction, Exchanged, Line, Payload, RawBytes, Timeout, Transcript, What,
};
use super::print::{
    LESS_THAN_HALF, MORE_THAN_LEFT, WITHIN_LEFT, begins_dump, in_key, in_name, in_party,
};
use super::text::Scanner;
use super::version::{NAME, VERSION};
use crate::reset_code::ResetCode;

/// Why a text is not a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1. The version is the first.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the transcript {}", self.line, self.reason)
    }
}

impl std::error::Error for ParseError {}

impl FromStr for Transcript {
    type Err = ParseError;

    /// Reads what [`Display`](fmt::Display) prints, and nothing else: each thing is written in one way.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut texts = text.lines();
        version(texts.next()).map_err(|reason| ParseError { line: 1, reason })?;
        let mut lines = Vec::new();
        // The lines that hold the current one, the innermost last: their places in `lines`.
        let mut open = Vec::new();
        for (text, number) in texts.zip(2..) {
            let line = line(text).and_then(|line| {
                check_place(&line, &lines, &mut open)?;
                Ok(line)
            });
            lines.push(line.map_err(|reason| ParseError {
                line: number,
                reason,
            })?);
            open.push(lines.len() - 1);
        }
        Ok(Self { lines })
    }
}

/// Whether this is the version that is read here.
fn version(line: Option<&str>) -> Result<(), String> {
    let version = line.and_then(|line| line.strip_prefix(NAME)?.strip_prefix(' '));
    match version {
        Some(version) if version == VERSION.to_string() => Ok(()),
        Some(version) => Err(format!(
            "is of version {version:?}, and only version {VERSION} is read here: use the release of the course that \
             wrote it, or record it again"
        )),
        None => Err(format!(
            "is not \"{NAME} {VERSION}\", with which a transcript begins: record it again"
        )),
    }
}

/// Whether a line may stand below those before it. `open` loses the lines that do not hold it.
fn check_place(line: &Line, lines: &[Line], open: &mut Vec<usize>) -> Result<(), String> {
    if line.depth > open.len() {
        return Err("is indented further than the line above it allows".to_owned());
    }
    open.truncate(line.depth);
    let holder = open.last().map(|place| &lines[*place].content);
    let fits = match (&line.content, holder) {
        (Content::Arrow { .. }, holder) => matches!(holder, Some(Content::Call { .. })),
        (Content::Call { .. }, holder) => matches!(holder, None | Some(Content::Call { .. })),
        (Content::Dump { .. }, holder) => matches!(
            holder,
            Some(Content::Dump { .. } | Content::Exchange { .. })
        ),
        // Their depth alone tells what they are.
        (Content::Exchange { .. } | Content::Heading(_) | Content::Detail(_), _) => true,
    };
    if fits {
        return Ok(());
    }
    Err(match line.content {
        Content::Arrow { .. } => "is an arrow that does not stand in a call",
        Content::Call { .. } => "is a call in what is not a call",
        _ => "is bytes that do not stand in a message",
    }
    .to_owned())
}

fn line(text: &str) -> Result<Line, String> {
    if text.trim().is_empty() {
        return Err("is blank".to_owned());
    }
    let (compared, body) = if let Some(body) = text.strip_prefix("~ ") {
        (false, body)
    } else if let Some(body) = text.strip_prefix("  ") {
        (true, body)
    } else {
        return Err("does not start with two spaces or \"~ \"".to_owned());
    };
    let content = body.trim_start_matches(' ');
    let indent = body.len() - content.len();
    if indent % 2 != 0 {
        return Err("is indented by an odd number of spaces".to_owned());
    }
    let depth = indent / 2;
    let line = Line {
        depth,
        compared,
        content: self::content(content, depth)?,
    };
    let printed = line.to_string();
    if printed != text {
        return Err(format!("is to be written as {:?}", printed.trim_start()));
    }
    Ok(line)
}

fn content(text: &str, depth: usize) -> Result<Content, String> {
    let arrow = [("->", Direction::Request), ("<-", Direction::Response)];
    for (sign, direction) in arrow {
        if let Some(text) = text.strip_prefix(sign) {
            let what = text.strip_prefix(' ').and_then(what);
            let what = what.ok_or("is an arrow that says none of what an arrow can say")?;
            return Ok(Content::Arrow { direction, what });
        }
    }
    let mut rest = Scanner(text);
    if rest.eat("call ").is_some() {
        return call(rest).ok_or_else(|| "is not \"call N  FROM > TO  PATH\"".to_owned());
    }
    if depth == 0 && (text.contains(" > ") && !text.starts_with('"') || begins_exchange(text)) {
        return exchange(rest).ok_or_else(|| "is not \"FROM > TO  MESSAGE\"".to_owned());
    }
    if depth > 0 && begins_dump(text) {
        return dump(text).ok_or_else(|| "is not bytes and their meaning".to_owned());
    }
    let text = rest
        .text()
        .ok_or("is not a text in quotes, or one without")?;
    Ok(match depth {
        0 => Content::Heading(text),
        _ => Content::Detail(text),
    })
}

/// Whether a quoted text that begins a line is the name of a program, and not a heading.
fn begins_exchange(text: &str) -> bool {
    let mut rest = Scanner(text);
    rest.word(in_party).is_some() && rest.eat(" > ").is_some()
}

fn call(mut rest: Scanner<'_>) -> Option<Content> {
    let number = rest.number()?;
    rest.eat("  ")?;
    let (from, to) = parties(&mut rest)?;
    let path = rest.text()?;
    Some(Content::Call {
        number,
        from,
        to,
        path,
    })
}

/// `FROM > TO` and two spaces.
fn parties(rest: &mut Scanner<'_>) -> Option<(String, String)> {
    let from = rest.word(in_party)?;
    rest.eat(" > ")?;
    let to = rest.word(in_party)?;
    rest.eat("  ")?;
    Some((from, to))
}

fn exchange(mut rest: Scanner<'_>) -> Option<Content> {
    let (from, to) = parties(&mut rest)?;
    let payload = payload(rest.0).map(Exchanged::Payload);
    let what = payload.or_else(|| {
        let name = rest.word(in_name)?;
        rest.eat(", ")?;
        let length = rest.number()?;
        unit(&mut rest)?;
        rest.0
            .is_empty()
            .then_some(Exchanged::Dump { name, length })
    });
    Some(Content::Exchange {
        from,
        to,
        what: what?,
    })
}

/// A text of which [`begins_dump`] is true.
fn dump(text: &str) -> Option<Content> {
    let (hex, rest) = text.split_once("  ")?;
    let rest = rest.trim_start_matches(' ');
    let byte = |pair| u8::from_str_radix(pair, 16).ok();
    let bytes = match hex {
        "-" => Some(Vec::new()),
        hex => hex.split(' ').map(byte).collect(),
    };
    Some(Content::Dump {
        bytes: bytes?,
        width: text.len() - rest.len() - 2,
        meaning: Scanner(rest).text()?,
    })
}

/// What an arrow says.
fn what(text: &str) -> Option<What> {
    match text {
        "half-close" => return Some(What::HalfClose),
        "cancel" => return Some(What::Cancel),
        "connection lost" => return Some(What::Lost),
        "nothing yet" => return Some(What::Pending),
        _ => {}
    }
    if let Ok(code) = text.parse() {
        return Some(What::Status(code));
    }
    let mut rest = Scanner(text);
    if rest.eat("reset, HTTP/2 error ").is_some() {
        let code = ResetCode::from(rest.number::<u32>()?);
        return rest.0.is_empty().then_some(What::Reset(code));
    }
    if rest.eat("malformed: ").is_some() {
        return rest.text().map(What::Malformed);
    }
    if rest.eat("grpc-timeout: ").is_some() {
        return timeout(rest.0).map(What::Timeout);
    }
    payload(text).map(What::from).or_else(|| {
        let key = rest.word(in_key)?;
        rest.eat(": ")?;
        let value = rest.text()?;
        Some(What::Metadata { key, value })
    })
}

fn timeout(text: &str) -> Option<Timeout> {
    match text {
        WITHIN_LEFT => Some(Timeout::WithinLeft),
        MORE_THAN_LEFT => Some(Timeout::MoreThanLeft),
        LESS_THAN_HALF => Some(Timeout::LessThanHalf),
        text => deadline::parse(text).map(Timeout::Exact),
    }
}

/// A message by its fields, or by its length.
fn payload(text: &str) -> Option<Payload> {
    raw_bytes(text)
        .map(Payload::Bytes)
        .or_else(|| message(Scanner(text)))
}

fn raw_bytes(text: &str) -> Option<RawBytes> {
    let mut rest = Scanner(text);
    let length = rest.number()?;
    let compressed = rest.eat(" compressed").is_some();
    unit(&mut rest)?;
    if compressed {
        return rest.0.is_empty().then_some(RawBytes::Compressed { length });
    }
    if rest.0.is_empty() {
        return Some(RawBytes::Untyped { length });
    }
    rest.eat(", not an ").or_else(|| rest.eat(", not a "))?;
    let name = rest.word(in_name)?;
    rest.0.is_empty().then_some(RawBytes::NotA { name, length })
}

/// ` byte` or ` bytes`. Which of them it has to be is seen when the line is printed again.
fn unit(rest: &mut Scanner<'_>) -> Option<()> {
    rest.eat(" bytes").or_else(|| rest.eat(" byte"))
}

fn message(mut rest: Scanner<'_>) -> Option<Payload> {
    let name = rest.word(in_name)?;
    let fields = match rest.0 {
        "" => None,
        " {}" => Some(String::new()),
        braced => {
            let fields = braced.strip_prefix(" { ")?.strip_suffix(" }")?;
            Some(Scanner(fields).text()?)
        }
    };
    Some(Payload::Message { name, fields })
}
