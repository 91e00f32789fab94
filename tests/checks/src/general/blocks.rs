//! The lines of a transcript put together again: its calls with what went either way, and what stands under a heading.

use tap::{Content, Direction, Line, What, split_field, split_fields};

use super::fields::{Field, values};

/// One call, of the lines that are compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallBlock<'a> {
    /// Its place in the transcript, from 1.
    pub(crate) number: u32,
    /// Who calls whom: `client > edge`.
    pub(crate) hop: String,
    /// `/package.Service/Method`.
    pub(crate) path: &'a str,
    /// What the caller sent besides messages, as printed: metadata, deadline, half-close.
    pub(crate) request: Vec<String>,
    /// What the server sent besides messages.
    pub(crate) response: Vec<String>,
    /// Whether it had not ended when the run was over.
    pub(crate) pending: bool,
    /// The messages that the caller sent, by their fields.
    pub(crate) sent: Vec<MessageBlock<'a>>,
    /// The messages that the server sent.
    pub(crate) answered: Vec<MessageBlock<'a>>,
}

/// A message by its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageBlock<'a> {
    /// The name of its type, or what is known of its bytes.
    pub(crate) name: String,
    pub(crate) fields: Vec<Field<'a>>,
}

impl CallBlock<'_> {
    /// `Classify`.
    pub(crate) fn method(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// What tells it from others of its method: the first message's `document_id` or, where it has none, its first text. Of
    /// a message that has neither, that of the first message in it which has one: a batch is told by its first document.
    pub(crate) fn subject(&self) -> Option<&str> {
        let fields = &self.sent.first()?.fields;
        let within = fields.iter().filter_map(|(_, value)| {
            let within = value.strip_prefix("{ ")?.strip_suffix(" }")?;
            subject(&split_fields(within))
        });
        subject(fields).or_else(|| within.into_iter().next())
    }

    /// Whether the caller had sent its last message.
    pub(crate) fn half_closed(&self) -> bool {
        self.request.iter().any(|line| line == "-> half-close")
    }

    /// How a sentence refers to it.
    pub(crate) fn label(&self) -> String {
        match self.subject() {
            Some(subject) => format!("{} about {subject}", self.method()),
            None => format!("{} ({})", self.method(), self.hop),
        }
    }
}

fn subject<'a>(fields: &[Field<'a>]) -> Option<&'a str> {
    let named = ["document_id", "text", "service"];
    let named = named.into_iter().map(|name| values(fields, name));
    named.flatten().next()
}

/// The calls in these lines, also those inside others, each with its own lines only.
pub(crate) fn calls<'a>(lines: &[&'a Line]) -> Vec<CallBlock<'a>> {
    let mut calls: Vec<CallBlock<'a>> = Vec::new();
    // The calls that are open at each depth, as depths of their arrows and indices.
    let mut open: Vec<(usize, usize)> = Vec::new();
    // Where the details that follow belong: a call, which way, and the depth of its arrow.
    let mut message: Option<(usize, Direction, usize)> = None;
    for line in lines {
        match &line.content {
            Content::Call {
                number,
                from,
                to,
                path,
            } => {
                open.retain(|(depth, _)| *depth <= line.depth);
                open.push((line.depth + 1, calls.len()));
                message = None;
                calls.push(CallBlock {
                    number: *number,
                    hop: format!("{from} > {to}"),
                    path,
                    ..CallBlock::default()
                });
            }
            Content::Arrow { direction, what } => {
                open.retain(|(depth, _)| *depth <= line.depth);
                message = None;
                let Some((_, index)) = open.last().copied() else {
                    continue;
                };
                let call = &mut calls[index];
                let (messages, others) = match direction {
                    Direction::Request => (&mut call.sent, &mut call.request),
                    Direction::Response => (&mut call.answered, &mut call.response),
                };
                match what {
                    What::Message { name, fields } => {
                        let fields = fields.as_deref().map_or_else(Vec::new, split_fields);
                        let name = name.clone();
                        messages.push(MessageBlock { name, fields });
                        message = Some((index, *direction, line.depth));
                    }
                    What::Bytes(_) => messages.push(MessageBlock {
                        name: line.content.to_string(),
                        fields: Vec::new(),
                    }),
                    _ => {
                        call.pending |= *what == What::Pending;
                        others.push(line.content.to_string());
                    }
                }
            }
            Content::Detail(text) => {
                let Some((index, direction, depth)) = message else {
                    continue;
                };
                let messages = match direction {
                    Direction::Request => &mut calls[index].sent,
                    Direction::Response => &mut calls[index].answered,
                };
                if line.depth == depth + 1
                    && let (Some(last), Some(field)) = (messages.last_mut(), split_field(text))
                {
                    last.fields.push(field);
                }
            }
            Content::Heading(_) | Content::Exchange { .. } => {
                open.clear();
                message = None;
            }
            Content::Dump { .. } => {}
        }
    }
    calls
}

/// The lines under the heading of this name. Empty where there is none.
pub(crate) fn under<'a>(lines: &[&'a Line], heading: &str) -> Vec<String> {
    let is = |line: &&&'a Line| matches!(&line.content, Content::Heading(name) if name == heading);
    let mut rest = lines.iter().skip_while(|line| !is(line));
    rest.next();
    rest.take_while(|line| line.depth > 0)
        .map(|line| line.content.to_string())
        .collect()
}

/// The lines before the heading of this name: how deep they stand, and what they say. All where there is none.
pub(crate) fn before<'a>(
    lines: &'a [&'a Line],
    heading: &str,
) -> impl Iterator<Item = (usize, String)> {
    let is =
        move |line: &&&'a Line| matches!(&line.content, Content::Heading(name) if name == heading);
    lines
        .iter()
        .take_while(move |line| !is(line))
        .map(|line| (line.depth, line.content.to_string()))
}

/// The messages of a lesson without a network, a text of all lines each.
pub(crate) fn exchanges(lines: &[&Line]) -> Vec<String> {
    let mut exchanges: Vec<String> = Vec::new();
    let mut inside = false;
    for line in lines {
        if line.depth == 0 {
            inside = matches!(line.content, Content::Exchange { .. });
            if inside {
                exchanges.push(line.content.to_string());
            }
        } else if inside && let Some(last) = exchanges.last_mut() {
            last.push('\n');
            last.push_str(&line.content.to_string());
        }
    }
    exchanges
}

#[cfg(test)]
mod tests {
    use tap::Transcript;

    use super::*;

    const TEXT: &str = "wirebook-transcript 2
  call 1  client > edge  /a.B/Ask
    -> x-id: 7
    -> Thing
      document_id: \"doc-1\"
      keys: [\"a\", \"b\"]
    call 2  edge > host  /a.C/Rank
      -> Text { text: \"x\" }
      <- OK
    <- Thing { n: 1 }
    <- OK
  call 3  client > edge  /a.B/AskAll
    -> Things
      things: { n: 1 }
      things: { n: 2, document_id: \"doc-2\", text: \"y\" }
      all: true
    <- OK
  connections
    client > edge: 1
";

    #[test]
    fn nested_calls_have_their_own_lines() {
        let transcript: Transcript = TEXT.parse().expect("a transcript");
        let lines: Vec<_> = transcript.lines.iter().collect();
        let calls = calls(&lines);
        assert_eq!(calls.len(), 3);
        assert_eq!(calls[0].label(), "Ask about \"doc-1\"");
        assert_eq!(calls[0].sent[0].fields[1], ("keys", "[\"a\", \"b\"]"));
        assert_eq!(calls[0].request, ["-> x-id: 7"]);
        assert_eq!(calls[0].answered[0].fields, [("n", "1")]);
        assert_eq!(calls[0].response, ["<- OK"]);
        assert_eq!(calls[1].label(), "Rank about \"x\"");
        assert_eq!(calls[2].label(), "AskAll about \"doc-2\"");
        assert_eq!(under(&lines, "connections"), ["client > edge: 1"]);
    }
}
