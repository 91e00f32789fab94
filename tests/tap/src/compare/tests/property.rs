//! What holds of all pairs of transcripts.

use proptest::prelude::*;

use super::super::kind::Kind;
use super::super::{Row, compare, rows};
use crate::code::Code;
use crate::transcript::{Content, Direction, Line, Transcript, What};

/// Few contents, so that lines are often the same and often of one kind.
fn content() -> impl Strategy<Value = Content> {
    let arrow = |what| Content::Arrow {
        direction: Direction::Request,
        what,
    };
    let message = |text: &str| What::Message {
        name: "Question".to_owned(),
        fields: Some(text.to_owned()),
    };
    let detail = |text: &str| Content::Detail(text.to_owned());
    let heading = |text: &str| Content::Heading(text.to_owned());
    let call = |number, path: &str| Content::Call {
        number,
        from: "client".to_owned(),
        to: "edge".to_owned(),
        path: path.to_owned(),
    };
    let metadata = |key: &str, value: &str| What::Metadata {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    prop::sample::select(vec![
        call(1, "a"),
        call(2, "a"),
        call(3, "b"),
        detail("a: 1"),
        detail("a: 2"),
        detail("b: 1"),
        detail("1 job"),
        detail("2 jobs"),
        heading("a"),
        heading("b"),
        arrow(message("text: 1, id: 1")),
        arrow(message("text: 1, id: 2")),
        arrow(message("text: 2, id: 2")),
        arrow(metadata("k", "1")),
        arrow(metadata("k", "2")),
        arrow(metadata("l", "1")),
        arrow(What::HalfClose),
        arrow(What::Status(Code::OK)),
        arrow(What::Pending),
    ])
}

/// Lines of any depth: a comparison takes them as they are.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0_usize..4, prop::bool::weighted(0.8), content());
    let line = line.prop_map(|(depth, compared, content)| Line {
        depth,
        compared,
        content,
    });
    prop::collection::vec(line, 0..24)
}

/// Two sets of lines, of which the other is often the first with a few edits.
fn both() -> impl Strategy<Value = (Vec<Line>, Vec<Line>)> {
    (
        lines(),
        lines(),
        prop::collection::vec((0_usize..24, 0_usize..24), 0..4),
    )
        .prop_map(|(one, other, edits)| {
            let mut edited = one.clone();
            for (at, from) in edits {
                match (edited.get_mut(at), other.get(from)) {
                    (Some(line), Some(new)) => *line = new.clone(),
                    (Some(_), None) => drop(edited.remove(at)),
                    (None, Some(new)) => edited.push(new.clone()),
                    (None, None) => {}
                }
            }
            (one, edited)
        })
}

fn sorted<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    lines
}

fn check_rows(rows: &[Row], expected: &[Line], actual: &[Line]) -> Result<(), TestCaseError> {
    let left = rows.iter().filter_map(|row| row.expected.as_ref());
    prop_assert!(left.eq(expected), "the expected lines are in order");
    let right = sorted(rows.iter().filter_map(|row| row.actual.as_ref()));
    prop_assert_eq!(
        right,
        sorted(actual.iter()),
        "every line of the run is there once"
    );
    for row in rows {
        if let (Some(one), Some(other)) = (&row.expected, &row.actual) {
            prop_assert_eq!(Kind::of(&one.content), Kind::of(&other.content));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_line_is_in_one_row_and_pairs_are_of_one_kind((one, other) in both()) {
        check_rows(&rows::rows(&one, &other), &one, &other)?;
        check_rows(&rows::rows(&other, &one), &other, &one)?;
    }

    /// The verdict is that of the compared lines, whatever the rows make of them.
    #[test]
    fn a_difference_is_one_of_compared_lines_and_has_a_row_that_differs((one, other) in both()) {
        let compared = |lines: &[Line]| {
            let lines = lines.iter().filter(|line| line.compared);
            lines.cloned().collect::<Vec<_>>()
        };
        let differ = compared(&one) != compared(&other);
        let transcript = |lines: &[Line]| Transcript { lines: lines.to_vec() };
        let difference = compare(&transcript(&one), &transcript(&other));
        prop_assert_eq!(difference.is_some(), differ);
        if let Some(difference) = difference {
            prop_assert!(difference.rows.iter().any(|row| !row.same));
        }
    }

    #[test]
    fn the_same_lines_stand_beside_each_other(one in lines()) {
        for row in rows::rows(&one, &one) {
            prop_assert_eq!(row.expected, row.actual);
        }
    }
}
