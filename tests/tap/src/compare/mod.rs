//! The one function that says whether a run is what was expected.
//!
//! Where it is not, the two transcripts are shown side by side. Which lines stand beside each other is only a matter of
//! showing, and decides nothing: `tree` puts the lines into the tree that their depths make, `kind` says which lines
//! may be a pair at all, `likeness` which calls belong together, `align` pairs the lines of one level, and `rows` puts
//! the pairs below each other.

mod align;
mod kind;
mod likeness;
mod rows;
mod tree;

pub use rows::Row;

use crate::transcript::{Line, Transcript};

/// How two transcripts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Both transcripts side by side, every line once.
    ///
    /// A row holds two lines only where they are of one kind: the same metadata key, messages of one type, the same
    /// field, the ends of two calls. Calls are paired by what they have in common and others have not, such as an id or
    /// a text, and not by their place. A call or a message that one side lacks stands alone, with all of its lines.
    ///
    /// A line at depth 0 begins a block: a call, a message without a network, a heading, with what is below it. Each
    /// side's lines are in order within its blocks. The blocks are in the order of what was expected; a block of the
    /// run stands beside its partner, even where that is at another place of the run. Where nothing but the order of
    /// messages without a network differs, the first lines of those that come too early differ.
    pub rows: Vec<Row>,
}

impl Difference {
    /// The first row that differs.
    pub fn first(&self) -> &Row {
        // `compare` makes a Difference only when a row differs.
        self.rows
            .iter()
            .find(|row| !row.same)
            .unwrap_or(&self.rows[0])
    }
}

/// Compares a run with what was expected, line by line, over the lines that are compared. `None`: they are the same.
///
/// The canonical form has already put every rule of the scenario into the lines: what may come in any order is sorted,
/// what is bounded says so, what is only shown is marked. The learner's check, the grade and the project's own tests
/// all end here.
pub fn compare(expected: &Transcript, actual: &Transcript) -> Option<Difference> {
    let compared = |line: &&Line| line.compared;
    if expected
        .lines
        .iter()
        .filter(compared)
        .eq(actual.lines.iter().filter(compared))
    {
        return None;
    }
    Some(Difference {
        rows: rows::rows(&expected.lines, &actual.lines),
    })
}

#[cfg(test)]
mod tests;
