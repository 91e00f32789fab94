//! A class as a table, for people and for spreadsheets.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use checks::LESSONS;

use crate::class::{Class, Row, State};

const STRONG: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default();

/// The narrowest that the column of names gets, and a lesson's.
const NAME: usize = 12;
const CELL: usize = 4;

/// The table as it is printed, with styles; whoever prints it takes them out where they are not wanted. Names and
/// headings are cut to fit `width`.
pub fn text(class: &Class, width: usize) -> String {
    let states: Vec<_> = class.rows.iter().map(state).collect();
    let last = states
        .iter()
        .map(|state| state.len() + 2)
        .max()
        .unwrap_or(0);
    let last = if last > 2 { last } else { 0 };
    let longest = |names: &mut dyn Iterator<Item = &str>| {
        names.map(|name| name.chars().count()).max().unwrap_or(0)
    };
    let mut heading = longest(&mut LESSONS.iter().map(|lesson| lesson.name));
    let cells = |heading: usize| -> usize {
        let own = |name: &str| name.chars().count().min(heading).max(CELL) + 2;
        LESSONS.iter().map(|lesson| own(lesson.name)).sum::<usize>() + "total".len() + 2
    };
    let mut name = longest(&mut class.rows.iter().map(|row| row.id.as_str()));
    name = name.max("submission".len());
    while name + cells(heading) + last > width && (name > NAME || heading > CELL) {
        // First the longest headings, then the names, a character at a time.
        match heading > CELL + 2 || name <= NAME {
            true => heading -= 1,
            false => name -= 1,
        }
    }
    let line = |first: &str, cells: &[String], total: &str, last: &str| {
        let mut line = format!("{:name$}", cut(first, name));
        for (lesson, cell) in LESSONS.iter().zip(cells) {
            let own = lesson.name.chars().count().min(heading).max(CELL);
            let _ = write!(line, "  {:>own$}", cut(cell, own));
        }
        let _ = write!(line, "  {total:>5}  {last}");
        line.trim_end().to_owned()
    };
    let names: Vec<_> = LESSONS
        .iter()
        .map(|lesson| lesson.name.to_owned())
        .collect();
    let worth: Vec<_> = LESSONS
        .iter()
        .map(|lesson| points(lesson).to_string())
        .collect();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{STRONG}{}{STRONG:#}",
        line("submission", &names, "total", "")
    );
    let all: u32 = LESSONS.iter().map(points).sum();
    let _ = writeln!(
        out,
        "{DIM}{}{DIM:#}",
        line("points", &worth, &all.to_string(), "")
    );
    for (row, state) in class.rows.iter().zip(&states) {
        let (cells, total) = match row.result() {
            Some(result) => (
                LESSONS
                    .iter()
                    .map(|lesson| result.points_of(lesson.name).to_string())
                    .collect(),
                result.points.to_string(),
            ),
            None => (vec!["-".to_owned(); LESSONS.len()], "-".to_owned()),
        };
        let style = if row.result().is_some() {
            Style::new()
        } else {
            BAD
        };
        let _ = writeln!(
            out,
            "{style}{}{style:#}",
            line(&row.id, &cells, &total, state)
        );
    }
    let notes: Vec<_> = class.rows.iter().flat_map(notes).collect();
    if !notes.is_empty() {
        let _ = writeln!(out, "\n{}", notes.join("\n"));
    }
    out
}

fn points(lesson: &checks::Lesson) -> u32 {
    lesson
        .exercises
        .iter()
        .map(|exercise| exercise.points)
        .sum()
}

fn state(row: &Row) -> &'static str {
    match row.state {
        State::Graded(_) => "",
        State::Kept(_) => "kept",
        State::Failed(_) => "not graded",
    }
}

/// What an instructor should look at: what the course is to blame for, and what was not taken.
fn notes(row: &Row) -> Vec<String> {
    match &row.state {
        State::Failed(error) => vec![format!("{}: not graded: {}", row.id, plain(error))],
        State::Graded(result) | State::Kept(result) => {
            let exercises = result.exercises.iter();
            let of_note =
                exercises.filter(|own| matches!(own.verdict.as_str(), "refused" | "unstable"));
            let note = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
            of_note
                .map(|own| {
                    format!(
                        "{}: {} {}: {}",
                        row.id,
                        own.exercise,
                        own.verdict,
                        note(&own.note)
                    )
                })
                .collect()
        }
    }
}

/// A text that a terminal has nothing to obey in.
fn plain(text: &str) -> String {
    let keep = |character: char| match character.is_control() && character != '\n' {
        true => character.escape_default().collect::<Vec<_>>(),
        false => vec![character],
    };
    text.chars().flat_map(keep).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}\u{2026}")
}

/// The table as comma-separated values.
pub fn csv(class: &Class) -> String {
    let mut out = String::from("submission");
    for lesson in LESSONS {
        let _ = write!(out, ",{}", lesson.name);
    }
    out.push_str(",points,max_points\n");
    let max: u32 = LESSONS.iter().map(points).sum();
    for row in &class.rows {
        out.push_str(&field(&row.id));
        for lesson in LESSONS {
            out.push(',');
            if let Some(result) = row.result() {
                let _ = write!(out, "{}", result.points_of(lesson.name));
            }
        }
        let total = row.result().map(|result| result.points.to_string());
        let _ = writeln!(out, ",{},{max}", total.unwrap_or_default());
    }
    out
}

/// A field of text. A name that a spreadsheet would take for a formula is marked as text.
fn field(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
