//! What is said of exercises that passed: another way, the end of a lesson, the end of the course.

use std::fmt::{Result, Write};

use crate::checked::{Checked, Texts};
use crate::compiler::warnings_in_short;
use crate::paragraph::{paragraph, paragraphs};
use crate::style::Style;
use crate::view::View;
use crate::width::{pad, width};

/// Points that were earned, of those that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// Those of the exercises that passed.
    pub earned: u32,
    /// Those of all.
    pub total: u32,
}

/// An exercise in the list of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// `unary.4`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What it is worth.
    pub points: u32,
}

/// A lesson of which all exercises have passed, the last of them just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonEnd {
    /// Its place in the course, from 1.
    pub number: u32,
    /// What it is about.
    pub title: String,
    /// Its exercises.
    pub scores: Vec<Score>,
    /// The points of the whole course.
    pub course: Points,
    /// Where the next lesson begins in the book, if there is one.
    pub next: Option<String>,
}

/// What to do after all that was asked for passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// Nothing: it was the course's solutions.
    Solutions,
    /// To check on the published inputs: these were others.
    OtherSeed {
        /// What to check: the name of an exercise or a lesson. Empty for all.
        name: String,
    },
    /// To go on with this exercise.
    Next {
        /// Its id.
        id: String,
    },
    /// To go on with this exercise of the same lesson, though an earlier lesson has some that have not passed.
    NextOfLesson {
        /// Its id.
        id: String,
    },
    /// All have passed.
    Done,
}

/// Writes another way to do what has just passed.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_note(out: &mut impl Write, exercise: &Texts, view: &View) -> Result {
    write_lines(out, &paragraphs("  note    ", &exercise.note, view))
}

/// Writes what the compiler warns of in a program that has just passed: it may have passed by chance, as one does that never
/// reads what it was given. Nothing where it warns of nothing.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_warnings(out: &mut impl Write, checked: &Checked, view: &View) -> Result {
    let warnings = warnings_in_short(&checked.warnings);
    let lines = warnings.map(|warnings| paragraph("  warning ", &warnings, view));
    write_lines(out, &lines.unwrap_or_default())
}

/// Writes that a lesson is done: what each exercise was worth, and what comes next.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_lesson_end(out: &mut impl Write, end: &LessonEnd, view: &View) -> Result {
    writeln!(out)?;
    let title = format!("Lesson {} is done: {}", end.number, end.title);
    let paint = |style, text: &str| view.styles.paint(style, text);
    for line in crate::wrapped(&title, view.text_columns()) {
        writeln!(out, "{}", paint(Style::Good, &line))?;
    }
    let id_columns = end.scores.iter().map(|score| width(&score.id)).max();
    for score in &end.scores {
        let label = format!(
            "  {}  {:>2} {:6}  ",
            pad(&score.id, id_columns.unwrap_or(0)),
            score.points,
            unit(score.points)
        );
        write_lines(out, &paragraph(&label, &score.title, view))?;
    }
    let points: u32 = end.scores.iter().map(|score| score.points).sum();
    let course = format!(
        "{points} of {points} points of this lesson, {} of {} of the course",
        end.course.earned, end.course.total
    );
    write_lines(out, &paragraph("  total   ", &course, view))?;
    if let Some(next) = &end.next {
        let next = format!("{next}, where the next lesson begins");
        write_lines(out, &paragraph("  read    ", &next, view))?;
    }
    Ok(())
}

/// Writes that all `count` that were asked for passed, how far the course is done, and what to do next.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_all_passed(
    out: &mut impl Write,
    count: usize,
    points: Points,
    after: &After,
    view: &View,
) -> Result {
    let passed = match count {
        1 => "It passed.".to_owned(),
        count => format!("All {count} passed."),
    };
    writeln!(out, "\n{}", view.styles.paint(Style::Good, &passed))?;
    let Points { earned, total } = points;
    let mut rows = Vec::new();
    match after {
        After::Solutions => {}
        After::OtherSeed { name } => {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!(" {name}")
            };
            rows.push((
                "next",
                format!("only the published inputs count as progress: `cargo xtask check{name}`"),
            ));
        }
        After::Next { id } => {
            rows.push(("points", format!("{earned} of {total}")));
            rows.push((
                "next",
                format!("`cargo xtask start` shows the next exercise, {id}"),
            ));
        }
        After::NextOfLesson { id } => {
            rows.push(("points", format!("{earned} of {total}")));
            rows.push((
                "next",
                format!("`cargo xtask check {id}` shows the next exercise of this lesson"),
            ));
        }
        After::Done => {
            rows.push(("points", format!("{earned} of {total}: the course is done")));
            rows.push((
                "next",
                "`cargo xtask check --seed 7` tries your programs on other inputs. `cargo xtask serve` starts the \
                 reference server for clients of your own."
                    .to_owned(),
            ));
        }
    }
    for (label, text) in rows {
        write_lines(out, &paragraph(&format!("  {label:7} "), &text, view))?;
    }
    Ok(())
}

fn unit(points: u32) -> &'static str {
    if points == 1 { "point" } else { "points" }
}

fn write_lines(out: &mut impl Write, lines: &[String]) -> Result {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}
