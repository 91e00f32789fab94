//! A message that the program sent in a lesson without a network, field by field.

use tap::{Content, Row, split_field};

use crate::evidence::Evidence;

/// How a transcript names the program under test.
const PROGRAM: &str = "program";

/// The first field of the program's messages that is not as expected, in a message that belongs to an expected one.
pub(super) fn field(evidence: &Evidence<'_>) -> Option<String> {
    let mut sent = 0;
    // Whether the rows are those of a message of the program that has a partner.
    let mut inside = false;
    for row in &evidence.difference?.rows {
        let line = row.actual.as_ref().or(row.expected.as_ref())?;
        if line.depth == 0 {
            let by_program = |content: &Content| matches!(content, Content::Exchange { from, .. } if from == PROGRAM);
            let ours = row
                .actual
                .as_ref()
                .is_some_and(|line| by_program(&line.content));
            sent += usize::from(ours);
            inside = ours && row.expected.is_some();
        } else if inside
            && !row.same
            && let Some(differs) = differs(row)
        {
            return Some(format!("In message {sent} of your program, {differs}."));
        }
    }
    None
}

fn differs(row: &Row) -> Option<String> {
    let field = |line: &Option<tap::Line>| match line.as_ref().map(|line| &line.content) {
        Some(Content::Detail(text)) => {
            split_field(text).map(|(name, value)| (name.to_owned(), value.to_owned()))
        }
        _ => None,
    };
    match (field(&row.expected), field(&row.actual)) {
        (Some((name, wanted)), Some((_, came))) => {
            Some(format!("`{name}` is {came}, and {wanted} was expected"))
        }
        (Some((name, wanted)), None) => {
            Some(format!("`{name}` is not set, and {wanted} was expected"))
        }
        (None, Some((name, came))) => Some(format!(
            "`{name}` is {came}, and it was expected not to be set"
        )),
        (None, None) => None,
    }
}
