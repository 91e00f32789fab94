//! `cargo xtask list`.

use anyhow::Result;
use build::workspace_root;
use catalogue::{Course, Exercise, Lesson};
use console::truncate_str;
use serde_json::json;

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::passed::Passed;
use crate::style::{STRONG, paint};
use crate::subcommand::{Audience, Subcommand};
use crate::terminal::{say, view};

/// What stands below the list, and the line of the prompt.
const LINES_AROUND: usize = 3;

/// How many spaces stand between two columns.
const GAP: usize = 2;

pub(super) const LIST: Subcommand = Subcommand {
    name: "list",
    about: "List the exercises: minutes, points, and how far you are",
    details: "  --all    Each exercise: without it, a lesson of which all have passed is one row where the list is longer than the\n\
              \x20          terminal.\n  \
              --json   For programs, with the file to edit.",
    examples: &["list", "list --json"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &[],
        flags: &["all", "json"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let passed = Passed::of(&course);
    if given.has("json") {
        let exercise = |(lesson, exercise): (&Lesson, &Exercise)| {
            json!({
                "exercise": exercise.id,
                "title": exercise.title,
                "file": lesson.lesson_file(exercise),
                "minutes": exercise.minutes,
                "points": exercise.points,
                "begun": build::begun(&course, lesson, exercise).unwrap_or(false),
                "passed": passed.has(exercise),
                "changed": passed.has_changed(lesson, exercise),
            })
        };
        let all: Vec<_> = course.exercises().map(exercise).collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(exit::PASSED);
    }
    let state = |lesson: &Lesson, exercise: &Exercise| match () {
        () if passed.has_changed(lesson, exercise) => State::Changed,
        () if passed.has(exercise) => State::Passed,
        () if build::begun(&course, lesson, exercise).unwrap_or(false) => State::Begun,
        () => State::Open,
    };
    let lessons = course.lessons.iter().map(|lesson| {
        let row = |exercise: &Exercise| Row {
            id: exercise.id.clone(),
            state: state(lesson, exercise),
            minutes: exercise.minutes,
            points: exercise.points,
            title: exercise.title.clone(),
        };
        (
            lesson.name.clone(),
            lesson.exercises.iter().map(row).collect(),
        )
    });
    let lessons: Vec<(String, Vec<Row>)> = lessons.collect();
    let view = view(false);
    let rows: usize = lessons.iter().map(|(_, rows)| rows.len()).sum();
    let is_long = rows + LINES_AROUND > view.rows;
    let rows = match is_long && !given.has("all") {
        true => folded(lessons),
        false => lessons.into_iter().flat_map(|(_, rows)| rows).collect(),
    };
    for (row, line) in rows.iter().zip(lines(&rows, view.columns)) {
        // Only the id stands out.
        let rest = line.strip_prefix(&row.id).unwrap_or_default();
        println!("{}{rest}", paint(&STRONG, &row.id));
    }
    println!();
    say("Next: `cargo xtask start` shows the first that has not passed.");
    Ok(exit::PASSED)
}

/// How far an exercise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Begun,
    Passed,
    /// Passed, and the file was changed since.
    Changed,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Begun => "begun",
            Self::Passed => "passed",
            Self::Changed => "passed, changed",
        }
    }
}

/// An exercise in the list, or a lesson of which all have passed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    id: String,
    state: State,
    minutes: u32,
    points: u32,
    title: String,
}

/// The exercises, and of a lesson of which all have passed one row.
fn folded(lessons: Vec<(String, Vec<Row>)>) -> Vec<Row> {
    let rows = lessons.into_iter().flat_map(|(name, rows)| {
        let is_done = !rows.is_empty() && rows.iter().all(|row| row.state == State::Passed);
        if !is_done {
            return rows;
        }
        vec![Row {
            id: name,
            state: State::Passed,
            minutes: rows.iter().map(|row| row.minutes).sum(),
            points: rows.iter().map(|row| row.points).sum(),
            title: format!("{} exercises; --all shows them", rows.len()),
        }]
    });
    rows.collect()
}

/// The rows in a line each, a title cut where there is no room for it.
fn lines(rows: &[Row], columns: usize) -> Vec<String> {
    let widest = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or_default();
    let id = widest(|row| row.id.len());
    // No column before anything was begun.
    let state = widest(|row| row.state.name().len());
    let state = if state == 0 { 0 } else { state + GAP };
    let line = |row: &Row| {
        let unit = if row.points == 1 { "point" } else { "points" };
        let label = format!(
            "{:id$}{:GAP$}{:state$}{:>3} min  {:>2} {unit:6}  ",
            row.id,
            "",
            row.state.name(),
            row.minutes,
            row.points
        );
        let room = columns.saturating_sub(label.len()).max(1);
        format!("{label}{}", truncate_str(&row.title, room, "\u{2026}"))
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, state: State, title: &str) -> Row {
        Row {
            id: id.to_owned(),
            state,
            minutes: 20,
            points: 2,
            title: title.to_owned(),
        }
    }

    #[test]
    fn columns_are_as_wide_as_the_longest_entry_and_a_title_is_cut() {
        let rows = [
            row("unary.1", State::Begun, "your first call"),
            row(
                "server-streaming.1",
                State::Changed,
                "the first results first",
            ),
        ];
        assert_eq!(
            lines(&rows, 73),
            [
                "unary.1             begun             20 min   2 points  your first call",
                "server-streaming.1  passed, changed   20 min   2 points  the first resul\u{2026}",
            ]
        );
        assert_eq!(
            lines(&rows[..1], 70),
            ["unary.1  begun   20 min   2 points  your first call"]
        );
        let open = row("unary.1", State::Open, "your first call");
        assert_eq!(
            lines(&[open], 70),
            ["unary.1   20 min   2 points  your first call"]
        );
    }

    #[test]
    fn a_lesson_that_is_done_folds_to_a_row() {
        let a = |state| row("a.1", state, "it");
        let of_b = vec![
            row("b.1", State::Passed, "it"),
            row("b.2", State::Passed, "it"),
        ];
        for state in [State::Open, State::Begun, State::Changed] {
            let lessons = vec![
                ("a".to_owned(), vec![a(State::Passed), a(state)]),
                ("b".to_owned(), of_b.clone()),
            ];
            let rows = folded(lessons);
            assert_eq!(rows[..2], [a(State::Passed), a(state)]);
            let b = &rows[2];
            assert_eq!((b.id.as_str(), b.minutes, b.points), ("b", 40, 4));
            assert_eq!(b.title, "2 exercises; --all shows them");
        }
    }
}
