//! The lines of a transcript as the tree that their depths make.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::kind::Kind;
use crate::transcript::{Content, Exchanged, Line, Payload, What, split_field, split_fields};

/// A line, with the lines below it that belong to it.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) line: &'a Line,
    pub(super) children: Vec<Node<'a>>,
    /// What it is about: equal for two nodes that may be a pair.
    pub(super) kind: u64,
    /// All that is compared of it and of what is below it: equal for two nodes that are the same. `None` where nothing
    /// is compared.
    pub(super) compared: Option<u64>,
    /// The values that it and what is below it have, without the names of their fields, sorted.
    pub(super) values: Vec<u64>,
    /// Whether it is a call.
    pub(super) is_call: bool,
    /// Whether it is a message without a network.
    pub(super) is_exchange: bool,
}

/// The outermost lines.
pub(super) fn tree(lines: &[Line]) -> Vec<Node<'_>> {
    let mut outermost = Vec::new();
    // The nodes that may still get a line, the innermost last.
    let mut open: Vec<(&Line, Vec<Node<'_>>)> = Vec::new();
    for line in lines {
        close(&mut open, line.depth, &mut outermost);
        open.push((line, Vec::new()));
    }
    close(&mut open, 0, &mut outermost);
    outermost
}

/// Closes the nodes from this depth on.
fn close<'a>(
    open: &mut Vec<(&'a Line, Vec<Node<'a>>)>,
    depth: usize,
    outermost: &mut Vec<Node<'a>>,
) {
    while let Some((line, children)) = open.pop_if(|(line, _)| line.depth >= depth) {
        let node = Node::new(line, children);
        match open.last_mut() {
            Some((_, siblings)) => siblings.push(node),
            None => outermost.push(node),
        }
    }
}

impl<'a> Node<'a> {
    fn new(line: &'a Line, children: Vec<Node<'a>>) -> Self {
        let own = line.compared.then(|| hash(&without_number(line)));
        let below: Vec<_> = children.iter().filter_map(|child| child.compared).collect();
        let compared = (own.is_some() || !below.is_empty()).then(|| hash(&(own, below)));
        let mut values = match line.compared {
            true => values(&line.content),
            false => Vec::new(),
        };
        for child in &children {
            values.extend(&child.values);
        }
        values.sort_unstable();
        values.dedup();
        Self {
            line,
            children,
            kind: hash(&Kind::of(&line.content)),
            compared,
            values,
            is_call: matches!(line.content, Content::Call { .. }),
            is_exchange: matches!(line.content, Content::Exchange { .. }),
        }
    }
}

/// Whether two lines are the same but for the numbers of their calls, which are their places.
pub(super) fn same(one: &Line, other: &Line) -> bool {
    without_number(one) == without_number(other)
}

/// A line, and its content or, of a call, what it has without its number.
fn without_number(line: &Line) -> (usize, bool, Result<&Content, [&str; 3]>) {
    let content = match &line.content {
        Content::Call { from, to, path, .. } => Err([from.as_str(), to, path]),
        content => Ok(content),
    };
    (line.depth, line.compared, content)
}

/// The values in a line by which one call is told from another. How a call ended is not one.
fn values(content: &Content) -> Vec<u64> {
    let fields = |fields: &Option<String>| fields.as_deref().map_or_else(Vec::new, values_of);
    match content {
        Content::Arrow { what, .. } => match what {
            What::Metadata { value, .. } => vec![hash(&value.as_str())],
            What::Message { fields: text, .. } => fields(text),
            _ => Vec::new(),
        },
        Content::Exchange {
            what: Exchanged::Payload(Payload::Message { fields: text, .. }),
            ..
        } => fields(text),
        Content::Detail(text) => {
            let value = split_field(text).map_or(text.as_str(), |(_, value)| value);
            // A message within a message may stand on one line or on several.
            match value
                .strip_prefix("{ ")
                .and_then(|value| value.strip_suffix(" }"))
            {
                Some(within) => values_of(within),
                None => vec![hash(&value)],
            }
        }
        Content::Dump { bytes, meaning, .. } => vec![hash(&(bytes, meaning))],
        Content::Call { .. } | Content::Exchange { .. } | Content::Heading(_) => Vec::new(),
    }
}

/// The values of fields that stand on one line.
fn values_of(fields: &str) -> Vec<u64> {
    let fields = split_fields(fields);
    fields.iter().map(|(_, value)| hash(value)).collect()
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
