//! The rows of a difference in blocks: a call with all that happened in it, a message, a section.

use std::ops::Range;

use report::{Line, Row};

/// What says of a call which one it is: rows with one of these.
const IDENTIFYING: [&str; 3] = ["document_id: ", "-> x-correlation-id: ", "service: "];

/// The line of a row that says how deep it stands: what was expected, else what came.
pub(crate) fn line(row: &Row) -> Option<&Line> {
    row.expected.as_ref().or(row.actual.as_ref())
}

/// How deep a row stands.
pub(crate) fn depth(row: &Row) -> usize {
    let depth = |line: &Option<Line>| line.as_ref().map_or(usize::MAX, |line| line.depth);
    depth(&row.expected).min(depth(&row.actual))
}

/// The texts of a row.
pub(crate) fn texts(row: &Row) -> impl Iterator<Item = &str> {
    let lines = row.expected.iter().chain(&row.actual);
    lines.map(|line| line.text.as_str())
}

/// Whether a row says which call it belongs to.
pub(crate) fn identifies(row: &Row) -> bool {
    texts(row).any(|text| IDENTIFYING.iter().any(|part| text.contains(part)))
}

/// The blocks, each from a row of the outermost depth to the next such row.
pub(crate) fn blocks(rows: &[Row]) -> Vec<Range<usize>> {
    let mut begins: Vec<_> = (0..rows.len())
        .filter(|index| depth(&rows[*index]) == 0)
        .collect();
    if begins.first() != Some(&0) {
        begins.insert(0, 0);
    }
    let ends = begins.iter().skip(1).copied().chain([rows.len()]);
    let blocks = begins.iter().copied().zip(ends);
    blocks.map(|(begin, end)| begin..end).collect()
}

/// What kind of thing a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A call.
    Call,
    /// A message without a call.
    Message,
    /// A section such as `connections`, by its name.
    Section(String),
}

impl Kind {
    /// By the first row.
    pub(crate) fn of(first: &Row) -> Self {
        let text = line(first).map_or("", |line| line.text.as_str());
        match text {
            text if text.starts_with("call ") => Self::Call,
            text if text.contains(" > ") => Self::Message,
            text => Self::Section(text.to_owned()),
        }
    }
}

/// What blocks are equal on both sides, in a few words: `4 calls equal`.
pub(crate) fn equal(kinds: &[Kind]) -> String {
    let mut parts = Vec::new();
    for (kind, one, many) in [
        (Kind::Call, "1 call", "calls"),
        (Kind::Message, "1 message", "messages"),
    ] {
        match kinds.iter().filter(|it| **it == kind).count() {
            0 => {}
            1 => parts.push(one.to_owned()),
            count => parts.push(format!("{count} {many}")),
        }
    }
    for kind in kinds {
        if let Kind::Section(name) = kind {
            parts.push(name.clone());
        }
    }
    format!("{} equal", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{both, expected};

    #[test]
    fn blocks_begin_at_the_outermost_depth() {
        let rows = [
            both(0, "call 1  a > b  /x"),
            both(1, "-> half-close"),
            expected(0, "call 2  a > b  /x"),
            expected(1, "<- OK"),
            both(0, "connections"),
        ];
        assert_eq!(blocks(&rows), [0..2, 2..4, 4..5]);
        assert_eq!(blocks(&rows[1..]), [0..1, 1..3, 3..4]);
        assert_eq!(depth(&rows[3]), 1);
    }

    #[test]
    fn equal_blocks_are_named() {
        let kinds = [
            Kind::of(&both(0, "call 1  a > b  /x")),
            Kind::of(&both(0, "call 2  a > b  /x")),
            Kind::of(&both(0, "connections")),
            Kind::of(&both(0, "program > peer  Reading, 7 bytes")),
        ];
        assert_eq!(equal(&kinds), "2 calls, 1 message, connections equal");
    }
}
