//! The two transcripts of a difference, by their compared lines.

use tap::{Difference, Line};

use crate::evidence::Evidence;

/// The compared lines of both sides of a difference: of what was expected, and of the run.
pub(super) struct Sides<'a> {
    pub(super) expected: Vec<&'a Line>,
    pub(super) actual: Vec<&'a Line>,
}

impl<'a> Sides<'a> {
    pub(super) fn of(evidence: &Evidence<'a>) -> Option<Self> {
        let difference: &'a Difference = evidence.difference?;
        let rows = difference.rows.iter();
        let expected = rows.clone().filter_map(|row| row.expected.as_ref());
        let actual = rows.filter_map(|row| row.actual.as_ref());
        Some(Self {
            expected: expected.filter(|line| line.compared).collect(),
            actual: actual.filter(|line| line.compared).collect(),
        })
    }
}
