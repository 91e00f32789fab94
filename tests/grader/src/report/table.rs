//! The grades as a table for a terminal, and below it what an instructor should look at and has to know.

use std::fmt::Write;

use console::Style;

use crate::class::{Class, Lesson, Row, State};
use crate::result::{self, Verdict};
use crate::terminal::{BAD, DIM, HEADING, PLAIN, Screen};

/// A column is at least this wide, so that points fit.
const MIN_LESSON_COLUMNS: usize = 3;

/// The heading of the first column, which is at least as wide.
const NAME_HEADING: &str = "submission";

/// The table. Names and headings are cut to fit the screen.
pub fn text(class: &Class, screen: Screen) -> String {
    let layout = Layout::new(class, screen.columns);
    let cells = |cell: &dyn Fn(&Lesson) -> String| class.lessons.iter().map(cell).collect();
    let headings: Vec<_> = cells(&|lesson| lesson.name.clone());
    let max_points: Vec<_> = cells(&|lesson| lesson.max_points.to_string());
    let total = class.max_points().to_string();
    let mut lines = vec![
        (HEADING, layout.line(NAME_HEADING, &headings, "total", "")),
        (DIM, layout.line("out of", &max_points, &total, "")),
    ];
    for row in &class.rows {
        lines.push(match row.result() {
            Some(result) => {
                let points: Vec<_> = cells(&|lesson| result.points_of(&lesson.name).to_string());
                let total = result.points.to_string();
                (PLAIN, layout.line(&row.id, &points, &total, state(row)))
            }
            None => {
                let none: Vec<_> = cells(&|_| "-".to_owned());
                (BAD, layout.line(&row.id, &none, "-", state(row)))
            }
        });
    }
    let mut out = String::new();
    for (style, line) in lines {
        let style: Style = style.force_styling(screen.styled);
        let _ = writeln!(out, "{}", style.apply_to(line));
    }
    let notes: Vec<_> = class.rows.iter().flat_map(notes).collect();
    if !notes.is_empty() {
        let _ = writeln!(out, "\n{}", notes.join("\n"));
    }
    let _ = writeln!(out, "\n{}", class.isolation.warning());
    out
}

/// How wide the columns are.
struct Layout<'a> {
    lessons: &'a [Lesson],
    name: usize,
    // The widest that a lesson's column may be.
    lesson: usize,
    state: usize,
}

impl<'a> Layout<'a> {
    fn new(class: &'a Class, columns: usize) -> Self {
        let longest = |texts: &mut dyn Iterator<Item = &str>| {
            let lengths = texts.map(|text| text.chars().count());
            lengths.max().unwrap_or(0)
        };
        let names = longest(&mut class.rows.iter().map(|row| row.id.as_str()));
        let mut layout = Self {
            name: names.max(NAME_HEADING.len()),
            lesson: longest(&mut class.lessons.iter().map(|lesson| lesson.name.as_str())),
            state: longest(&mut class.rows.iter().map(state)),
            lessons: &class.lessons,
        };
        // Very long names are cut first, then headings, which are known anyway; in the end both.
        for (name, lesson) in [(24, usize::MAX), (24, 6), (12, 6), (12, 4)] {
            let excess = layout.width().saturating_sub(columns);
            layout.name -= excess.min(layout.name.saturating_sub(name));
            while layout.width() > columns && layout.lesson > lesson {
                layout.lesson -= 1;
            }
        }
        layout
    }

    /// The column of a lesson: as wide as its heading, or what is left of it, and wide enough for its points.
    fn column(&self, lesson: &Lesson) -> usize {
        let heading = lesson.name.chars().count();
        heading.min(self.lesson).max(MIN_LESSON_COLUMNS)
    }

    fn width(&self) -> usize {
        let lessons = self.lessons.iter().map(|lesson| 2 + self.column(lesson));
        let state = if self.state == 0 { 0 } else { 2 + self.state };
        self.name + lessons.sum::<usize>() + "  total".len() + state
    }

    fn line(&self, name: &str, cells: &[String], total: &str, state: &str) -> String {
        let mut line = format!("{:1$}", cut(name, self.name), self.name);
        for (lesson, cell) in self.lessons.iter().zip(cells) {
            let column = self.column(lesson);
            let _ = write!(line, "  {:>column$}", cut(cell, column));
        }
        let _ = write!(line, "  {total:>5}  {state}");
        line.trim_end().to_owned()
    }
}

fn state(row: &Row) -> &'static str {
    match row.state {
        State::Graded(_) => "",
        State::Kept(_) => "kept",
        State::Failed(_) => "not graded",
    }
}

/// What an instructor should look at: what the course is to blame for, what was refused, and what may not be a
/// submission at all.
fn notes(row: &Row) -> Vec<String> {
    let result = match &row.state {
        State::Failed(error) => return vec![format!("{}: not graded: {}", row.id, plain(error))],
        State::Graded(result) | State::Kept(result) => result,
    };
    let missing = |exercise: &result::Exercise| exercise.verdict == Verdict::NotHandedIn;
    if result.exercises.iter().all(missing) {
        return vec![format!(
            "{}: holds no exercise's file; is it a checkout of the course, or a folder like lessons/?",
            row.id
        )];
    }
    result
        .exercises
        .iter()
        .filter(|exercise| matches!(exercise.verdict, Verdict::Refused | Verdict::Unstable))
        .map(|exercise| {
            let note = exercise.note.as_deref().map(plain).unwrap_or_default();
            let result::Exercise {
                exercise, verdict, ..
            } = exercise;
            format!("{}: {exercise} {verdict}: {note}", row.id)
        })
        .collect()
}

/// A text without anything that a terminal would obey.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character.is_control() && character != '\n' {
            true => out.extend(character.escape_default()),
            false => out.push(character),
        }
    }
    out
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}\u{2026}")
}
