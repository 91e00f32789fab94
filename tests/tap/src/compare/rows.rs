//! The rows of two transcripts side by side.

use super::Row;
use super::align::align;
use super::tree::{self, Node, tree};
use crate::transcript::Line;

/// Every line of both once, in rows of which one differs at least.
pub(super) fn rows(expected: &[Line], actual: &[Line]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(expected.len().max(actual.len()));
    level(&tree(expected), &tree(actual), &mut rows);
    // In texts that nobody printed, calls may differ in their numbers alone.
    if rows.iter().all(|row| row.same) {
        for row in &mut rows {
            row.same = row.expected == row.actual;
        }
    }
    rows
}

fn level(expected: &[Node<'_>], actual: &[Node<'_>], rows: &mut Vec<Row>) {
    for (one, other) in align(expected, actual) {
        let one = one.map(|place| &expected[place]);
        let other = other.map(|place| &actual[place]);
        let line = |node: Option<&Node<'_>>| node.map(|node| node.line.clone());
        rows.push(Row {
            expected: line(one),
            actual: line(other),
            same: is_same(one.map(|node| node.line), other.map(|node| node.line)),
        });
        level(below(one), below(other), rows);
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
