//! Which row of a difference a report is about.

use std::ops::Range;

use report::{Report, Row, Verdict};

use crate::blocks::{Kind, texts};

/// What a transcript has for a call that was not answered.
const NOT_ANSWERED: &str = "<- nothing yet";

/// A part of a sentence that can be found in a transcript, and how much it says about which rows are meant.
struct Clue {
    text: String,
    weight: usize,
}

/// The row that the report is about: one that the diagnosis names by an id, a code or a name; of a run that hangs, the
/// call that was not answered, unless the diagnosis names another one by an id; else the first that differs.
pub(crate) fn anchor(report: &Report, blocks: &[Range<usize>]) -> usize {
    let rows = &report.difference;
    let seen = report.diagnosis.as_ref().map_or("", |it| it.seen.as_str());
    let waiting = report.waiting.as_deref().unwrap_or_default();
    let of_seen = clues(seen);
    let clues = clues(&format!("{seen} {waiting}"));
    let is_pending = |row: &Row| {
        let actual = row.actual.as_ref();
        actual.is_some_and(|line| line.text == NOT_ANSWERED) && !row.same
    };
    let hangs = report.verdict == Verdict::Hangs;
    let anyone_waits = rows.iter().any(is_pending);
    let score = |block: &Range<usize>| {
        let rows = &rows[block.clone()];
        if rows.iter().all(|row| row.same) {
            return (false, false, 0);
        }
        let is_call = Kind::of(&rows[0]) == Kind::Call;
        let mut ids = of_seen.iter().filter(|clue| clue.weight == ID);
        let is_named = anyone_waits && is_call && ids.any(|clue| clue.is_in(rows));
        let is_pending = rows.iter().any(is_pending);
        let named = clues.iter().filter(|clue| clue.is_in(rows));
        let section = match Kind::of(&rows[0]) {
            Kind::Section(name) if mentions(seen, &name) => 2,
            // All calls are over, and the function has not returned.
            Kind::Section(name) if hangs && !anyone_waits && name == "reported" => 4,
            _ => 0,
        };
        let named = named.map(|clue| clue.weight).sum::<usize>();
        (is_named, is_pending, 1 + section + named)
    };
    // Of blocks that score the same, the first.
    let best = blocks.iter().rev().max_by_key(|block| score(block));
    let Some(best) = best.cloned() else { return 0 };
    let in_row = |index: &usize| {
        let row = std::slice::from_ref(&rows[*index]);
        let found = clues.iter().filter(|clue| clue.is_in(row));
        found.map(|clue| clue.weight).sum::<usize>()
    };
    if let Some(index) = best.clone().find(|index| is_pending(&rows[*index])) {
        return index;
    }
    let mut differing = best.clone().filter(|index| !rows[*index].same).rev();
    let first = differing.next();
    let chosen = first
        .into_iter()
        .chain(differing)
        .max_by_key(|index| in_row(index));
    chosen.unwrap_or(best.start)
}

impl Clue {
    /// Whether it is in a row that differs.
    fn is_in(&self, rows: &[Row]) -> bool {
        // An id says which call is meant, also where the id itself is right.
        let is_id = self.weight == ID;
        let mut rows = rows.iter().filter(|row| is_id || !row.same);
        rows.any(|row| texts(row).any(|text| contains_word(text, &self.text)))
    }
}

const ID: usize = 8;
const CODE: usize = 3;
const NAME: usize = 2;

/// The ids, codes and names in a sentence.
fn clues(sentence: &str) -> Vec<Clue> {
    let mut clues: Vec<Clue> = Vec::new();
    let mut add = |text: &str, weight| {
        if !clues.iter().any(|clue| clue.text == text) {
            clues.push(Clue {
                text: text.to_owned(),
                weight,
            });
        }
    };
    let is_part = |character: char| character.is_alphanumeric() || "-_".contains(character);
    for word in sentence.split(|character| !is_part(character)) {
        let word = word.trim_matches('-');
        let has = |test: fn(char) -> bool| word.contains(test);
        if has(|it| it.is_ascii_digit()) && has(|it| it.is_alphabetic()) && word.contains('-') {
            add(word, ID);
        } else if word.len() >= 4 && word.chars().all(|it| it.is_ascii_uppercase() || it == '_') {
            add(word, CODE);
        }
    }
    // Between backticks: every second part.
    for name in sentence.split('`').skip(1).step_by(2) {
        if name.len() >= 3 {
            add(name, NAME);
        }
    }
    clues
}

/// Whether a text has these words, and not as a part of longer ones: `doc-35` is not in `doc-358`.
fn contains_word(text: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || "-_".contains(character);
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Whether a sentence is about a section: `connections` is meant where it has `connection`.
fn mentions(sentence: &str, section: &str) -> bool {
    let stem = section.trim_end_matches('s');
    !stem.is_empty() && sentence.to_lowercase().contains(stem)
}

#[cfg(test)]
mod tests {
    use report::Diagnosis;

    use super::*;
    use crate::blocks::blocks;
    use crate::testing::{actual, both, differs, expected};

    fn anchored(rows: Vec<Row>, seen: &str) -> usize {
        let mut report = Report::without_run("unary.1", 1, Verdict::Differs);
        report.difference = rows;
        report.diagnosis = (!seen.is_empty()).then(|| Diagnosis {
            name: "it".to_owned(),
            seen: seen.to_owned(),
            usually: String::new(),
        });
        anchor(&report, &blocks(&report.difference))
    }

    fn two_calls() -> Vec<Row> {
        vec![
            both(0, "call 1  a > b  /x"),
            both(1, "document_id: \"doc-35\""),
            differs(1, "<- OK", "<- RESOURCE_EXHAUSTED"),
            both(0, "call 2  a > b  /x"),
            both(1, "document_id: \"doc-358\""),
            differs(1, "max_results: 1", "max_results: 2"),
            differs(1, "<- OK", "<- CANCELLED"),
            both(0, "connections"),
            differs(1, "a > b: 1", "a > b: 2"),
        ]
    }

    #[test]
    fn an_id_says_which_call() {
        assert_eq!(anchored(two_calls(), ""), 2);
        assert_eq!(anchored(two_calls(), "doc-358 was asked about twice."), 5);
        assert_eq!(anchored(two_calls(), "doc-35 was asked about twice."), 2);
    }

    #[test]
    fn a_code_says_which_row() {
        assert_eq!(anchored(two_calls(), "It came to CANCELLED."), 6);
        assert_eq!(anchored(two_calls(), "`max_results` was 2."), 5);
        assert_eq!(anchored(two_calls(), "There were 2 connections."), 8);
    }

    #[test]
    fn a_hang_is_at_the_call_that_was_not_answered() {
        let rows = vec![
            expected(0, "call 1  a > b  /x"),
            expected(1, "<- OK"),
            both(0, "call 2  a > b  /x"),
            expected(1, "<- OK"),
            actual(1, NOT_ANSWERED),
        ];
        assert_eq!(anchored(rows, ""), 4);
    }

    #[test]
    fn a_hang_is_at_another_call_where_the_diagnosis_names_one() {
        let rows = vec![
            both(0, "call 1  a > b  /x"),
            expected(1, "-> x-correlation-id: ask-1"),
            both(1, "document_id: \"doc-35\""),
            both(0, "call 2  a > b  /x"),
            both(1, "document_id: \"doc-36\""),
            expected(1, "<- OK"),
            actual(1, NOT_ANSWERED),
            expected(0, "reported"),
            expected(1, "doc-35: OK"),
        ];
        let seen = "The call about doc-35 went out without x-correlation-id.";
        assert_eq!(anchored(rows.clone(), seen), 1);
        assert_eq!(anchored(rows, "One call has no id."), 6);
    }

    #[test]
    fn nothing_to_go_by_is_the_first_that_differs() {
        assert_eq!(anchored(vec![both(0, "a"), expected(0, "b")], "No id."), 1);
        assert_eq!(anchored(vec![], ""), 0);
    }
}
