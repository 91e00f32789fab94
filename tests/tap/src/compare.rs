//! The one function that says whether a run is what was expected.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::transcript::{Line, Transcript};

/// How many lines of each transcript are aligned, from the first that differs. The time for that grows with the product
/// of the two; what comes after, of a run that went on and on, is paired by its place.
const MAX_ALIGNED_LINES: usize = 1_000;

/// How two transcripts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Both transcripts side by side, every line once.
    pub rows: Vec<Row>,
}

/// One row of two transcripts side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line that was expected, if one was.
    pub expected: Option<Line>,
    /// The line that came, if one did.
    pub actual: Option<Line>,
    /// Whether the two are the same, or are not compared.
    pub same: bool,
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
        rows: rows(&expected.lines, &actual.lines),
    })
}

/// Pairs the lines of two transcripts. Lines that are not compared never count as a difference.
fn rows(expected: &[Line], actual: &[Line]) -> Vec<Row> {
    let mut rows = Vec::new();
    let (expected_keys, actual_keys) = (keys(expected), keys(actual));
    let pairs = expected_keys.iter().zip(&actual_keys);
    let same = pairs.take_while(|(one, other)| one == other).count();
    let aligned = |keys: &[_]| keys.len().min(same + MAX_ALIGNED_LINES);
    let (old_index, new_index) = (aligned(&expected_keys), aligned(&actual_keys));
    let rest = DiffOp::Replace {
        old_index,
        old_len: expected.len() - old_index,
        new_index,
        new_len: actual.len() - new_index,
    };
    let (expected_keys, actual_keys) = (&expected_keys[..old_index], &actual_keys[..new_index]);
    let aligned = capture_diff_slices(Algorithm::Myers, expected_keys, actual_keys);
    for op in aligned.into_iter().chain([rest]) {
        let (expected, actual) = match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => (
                &expected[old_index..old_index + len],
                &actual[new_index..new_index + len],
            ),
            DiffOp::Delete {
                old_index, old_len, ..
            } => (&expected[old_index..old_index + old_len], &actual[..0]),
            DiffOp::Insert {
                new_index, new_len, ..
            } => (&expected[..0], &actual[new_index..new_index + new_len]),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => (
                &expected[old_index..old_index + old_len],
                &actual[new_index..new_index + new_len],
            ),
        };
        for index in 0..expected.len().max(actual.len()) {
            let (expected, actual) = (expected.get(index).cloned(), actual.get(index).cloned());
            let same = match (&expected, &actual) {
                (Some(expected), Some(actual)) => {
                    expected == actual || !expected.compared && !actual.compared
                }
                (Some(line), None) | (None, Some(line)) => !line.compared,
                (None, None) => true,
            };
            rows.push(Row {
                expected,
                actual,
                same,
            });
        }
    }
    rows
}

/// What the lines are paired by. Those that are only shown are all alike, whatever they say and however deep they stand.
fn keys(lines: &[Line]) -> Vec<Option<&Line>> {
    lines
        .iter()
        .map(|line| line.compared.then_some(line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A transcript from its lines.
    fn transcript(lines: &str) -> Transcript {
        format!("wirebook-transcript 2\n{lines}").parse().unwrap()
    }

    #[test]
    fn what_is_only_shown_never_differs() {
        let call = "  call 1  client > edge  /a.B/C\n";
        let timeout = |timeout| format!("~   -> grpc-timeout: {timeout}\n");
        let half_close = "    -> half-close\n";
        let expected = transcript(&[call, &timeout("2s"), half_close].concat());
        let actual = transcript(&[call, half_close, &timeout("1s")].concat());
        assert_eq!(compare(&expected, &actual), None);
    }

    #[test]
    fn the_first_row_that_differs_has_both_sides() {
        let expected = transcript("  a\n  b\n  c\n");
        let actual = transcript("  a\n  x\n  c\n");
        let difference = compare(&expected, &actual).unwrap();
        let first = difference.first();
        assert_eq!(first.expected.as_ref().unwrap().to_string(), "  b");
        assert_eq!(first.actual.as_ref().unwrap().to_string(), "  x");
        assert_eq!(difference.rows.len(), 3);
    }

    #[test]
    fn a_line_too_few_and_a_line_too_many_are_differences() {
        let (short, long) = (transcript("  a\n"), transcript("  a\n  b\n"));
        assert!(compare(&long, &short).unwrap().first().actual.is_none());
        assert!(compare(&short, &long).unwrap().first().expected.is_none());
    }

    #[test]
    fn every_line_of_long_transcripts_is_in_a_row() {
        let lines = |from: usize| -> String {
            (0..3_000)
                .map(|line| format!("  {}\n", line + from))
                .collect()
        };
        let begin = "  a\n".repeat(2_000);
        let (expected, actual) = (lines(0), lines(100_000));
        let expected = transcript(&[&begin, "  b\n  c\n", &expected].concat());
        let actual = transcript(&[&begin, "  c\n", &actual].concat());
        let begun = std::time::Instant::now();
        let rows = compare(&expected, &actual).unwrap().rows;
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
        let expected_rows = rows.iter().filter_map(|row| row.expected.as_ref());
        assert!(expected_rows.eq(&expected.lines));
        let actual_rows = rows.iter().filter_map(|row| row.actual.as_ref());
        assert!(actual_rows.eq(&actual.lines));
        // Near the first difference they are aligned.
        let differ: Vec<_> = rows[..2_002].iter().map(|row| row.same).collect();
        assert_eq!(differ[1_999..], [true, false, true]);
    }

    #[test]
    fn a_line_that_was_to_be_compared_and_is_only_shown_differs() {
        let (compared, shown) = (transcript("  a\n"), transcript("~ a\n"));
        assert!(compare(&compared, &shown).is_some());
    }
}
