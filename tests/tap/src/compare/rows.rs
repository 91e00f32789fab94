//! The rows of two transcripts side by side.

use super::align::align;
use super::tree::{self, Node, tree};
use crate::transcript::Line;

/// One row of two transcripts side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line that was expected, if one was.
    pub expected: Option<Line>,
    /// The line that came, if one did.
    pub actual: Option<Line>,
    /// Whether the two are the same, or are not compared. The number of a call is its place in the transcript, and does
    /// not make two calls differ.
    pub same: bool,
}

/// Every line of both once, in rows of which one differs at least.
pub(super) fn rows(expected: &[Line], actual: &[Line]) -> Vec<Row> {
    let mut side_by_side = SideBySide::default();
    side_by_side.level(&tree(expected), &tree(actual));
    let SideBySide { mut rows, crossing } = side_by_side;
    if rows.iter().all(|row| row.same) {
        // Only their order differs.
        for row in &crossing {
            rows[*row].same = false;
        }
        // In texts that nobody printed, calls may differ in their numbers alone.
        for row in rows.iter_mut().filter(|_| crossing.is_empty()) {
            row.same = row.expected == row.actual;
        }
    }
    rows
}

#[derive(Default)]
struct SideBySide {
    rows: Vec<Row>,
    /// The places of rows whose line of the run comes before that of a row above.
    crossing: Vec<usize>,
}

impl SideBySide {
    fn level(&mut self, expected: &[Node<'_>], actual: &[Node<'_>]) {
        let mut last = None;
        for (one, other) in align(expected, actual) {
            if other.is_some() && other < last {
                self.crossing.push(self.rows.len());
            }
            last = last.max(other);
            let one = one.map(|place| &expected[place]);
            let other = other.map(|place| &actual[place]);
            let line = |node: Option<&Node<'_>>| node.map(|node| node.line.clone());
            self.rows.push(Row {
                expected: line(one),
                actual: line(other),
                same: is_same(one.map(|node| node.line), other.map(|node| node.line)),
            });
            self.level(below(one), below(other));
        }
    }
}

fn below<'n, 'a>(node: Option<&'n Node<'a>>) -> &'n [Node<'a>] {
    node.map_or(&[], |node| &node.children)
}

/// Lines that are not compared never count as a difference.
fn is_same(expected: Option<&Line>, actual: Option<&Line>) -> bool {
    match (expected, actual) {
        (Some(expected), Some(actual)) => {
            tree::same(expected, actual) || !expected.compared && !actual.compared
        }
        (Some(line), None) | (None, Some(line)) => !line.compared,
        (None, None) => true,
    }
}
