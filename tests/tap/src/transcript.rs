//! The text form of a run, and reading it back.
//!
//! ```text
//!   call 1  client > edge  /classification.v1.DocumentClassifier/Classify
//!     -> x-correlation-id: demo-1
//! ~   -> grpc-timeout: 2s
//!     -> ClassifyRequest { text: "Invoice 2041 ...", document_id: "doc-001" }
//!     -> half-close
//!     call 2  edge > host  /model.v1.ModelHost/Rank
//!       -> RankRequest { text: "Invoice 2041 ..." }
//!       -> half-close
//!       <- RankResponse
//!            scores: { label: "invoice", probability: 0.97, keywords: ["amount", "due"] }
//!       <- OK
//!     <- OK
//!   connections
//!     client > edge: 1
//! ```
//!
//! Two columns of gutter: `~ ` marks a line that is shown and never compared. Two columns for each level of depth.
//! A line that starts with neither `call`, `->` nor `<-` is a heading at depth 0 and a detail of the line above it
//! elsewhere.

use std::fmt;
use std::str::FromStr;

/// A run in its canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Top to bottom.
    pub lines: Vec<Line>,
}

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Nesting, from 0.
    pub depth: usize,
    /// Whether the line is compared. A line that is only shown has `~` in its gutter.
    pub compared: bool,
    /// What it says.
    pub content: Content,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// A call begins. Its arrows follow, one level deeper.
    Call {
        /// Counted over the whole transcript, from 1.
        number: u32,
        /// Who calls, for example `client`.
        from: String,
        /// Who is called, for example `edge`.
        to: String,
        /// `/package.Service/Method`.
        path: String,
    },
    /// Something went from one side of the enclosing call to the other.
    Arrow(Arrow, String),
    /// A heading, or a detail of the line above.
    Text(String),
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrow {
    /// `->`: from the caller.
    Request,
    /// `<-`: to the caller.
    Response,
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call {
                number,
                from,
                to,
                path,
            } => write!(f, "call {number}  {from} > {to}  {path}"),
            Self::Arrow(Arrow::Request, text) => write!(f, "-> {text}"),
            Self::Arrow(Arrow::Response, text) => write!(f, "<- {text}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gutter = if self.compared { "  " } else { "~ " };
        write!(f, "{gutter}{:1$}{2}", "", self.depth * 2, self.content)
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// Why a text is no transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the transcript {}", self.line, self.reason)
    }
}

impl std::error::Error for ParseError {}

impl FromStr for Transcript {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parse = |(index, line)| {
            parse_line(line).map_err(|reason| ParseError {
                line: index + 1,
                reason,
            })
        };
        let lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        Ok(Self {
            lines: lines.map(parse).collect::<Result<_, _>>()?,
        })
    }
}

fn parse_line(line: &str) -> Result<Line, &'static str> {
    let (compared, body) = if let Some(body) = line.strip_prefix("~ ") {
        (false, body)
    } else if let Some(body) = line.strip_prefix("  ") {
        (true, body)
    } else {
        return Err("does not start with two spaces or \"~ \"");
    };
    let text = body.trim_start_matches(' ');
    let indent = body.len() - text.len();
    if indent % 2 != 0 {
        return Err("is indented by an odd number of spaces");
    }
    let content = if let Some(text) = text.strip_prefix("-> ") {
        Content::Arrow(Arrow::Request, text.to_owned())
    } else if let Some(text) = text.strip_prefix("<- ") {
        Content::Arrow(Arrow::Response, text.to_owned())
    } else if let Some(call) = text.strip_prefix("call ") {
        parse_call(call).ok_or("is no \"call N  FROM > TO  PATH\"")?
    } else {
        Content::Text(text.to_owned())
    };
    Ok(Line {
        depth: indent / 2,
        compared,
        content,
    })
}

fn parse_call(text: &str) -> Option<Content> {
    let mut parts = text.splitn(3, "  ");
    let number = parts.next()?.parse().ok()?;
    let (from, to) = parts.next()?.split_once(" > ")?;
    let path = parts.next()?;
    Some(Content::Call {
        number,
        from: from.to_owned(),
        to: to.to_owned(),
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "  call 1  client > edge  /a.B/C
    -> x-id: 1
~   -> grpc-timeout: 2s
    -> Request
      text: \"call me\"
    call 2  edge > host  /m.H/R
      <- OK
  connections
    client > edge: 1
";

    #[test]
    fn what_is_printed_is_read_back() {
        let transcript: Transcript = TEXT.parse().unwrap();
        assert_eq!(transcript.to_string(), TEXT);
        assert_eq!(
            transcript
                .lines
                .iter()
                .filter(|line| !line.compared)
                .count(),
            1
        );
        assert_eq!(transcript.lines[5].depth, 1);
    }

    #[test]
    fn a_text_that_is_no_transcript_says_where() {
        let error = "  call 1  client > edge  /a.B/C\n-> x\n"
            .parse::<Transcript>()
            .unwrap_err();
        assert_eq!(error.line, 2);
        assert!(
            "   -> x\n".parse::<Transcript>().is_err(),
            "odd indentation"
        );
        assert!("  call one\n".parse::<Transcript>().is_err(), "no number");
    }
}
