//! A class as a table, for people and for spreadsheets.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use checks::{LESSONS, Lesson};

use crate::class::{Class, Row, State};
use crate::grade::{NOT_HANDED_IN, REFUSED, UNSTABLE};
use crate::result;

const STRONG: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAD: Style = AnsiColor::Red.on_default();

/// How wide the columns are.
struct Layout {
    name: usize,
    lesson: usize,
    state: usize,
}

/// The table as it is printed, with styles; whoever prints it takes them out where they are not wanted. Names and
/// headings are cut to fit `width`.
pub fn text(class: &Class, width: usize) -> String {
    let layout = Layout::new(class, width);
    let lessons = |cell: &dyn Fn(&Lesson) -> String| LESSONS.iter().map(cell).collect::<Vec<_>>();
    let names = lessons(&|lesson| lesson.name.to_owned());
    let most = lessons(&|lesson| points(lesson).to_string());
    let all = LESSONS.iter().map(points).sum::<u32>().to_string();
    let mut lines = vec![
        (STRONG, layout.line("submission", &names, "total", "")),
        (DIM, layout.line("out of", &most, &all, "")),
    ];
    for row in &class.rows {
        let Some(result) = row.result() else {
            let none = lessons(&|_| "-".to_owned());
            lines.push((BAD, layout.line(&row.id, &none, "-", state(row))));
            continue;
        };
        let cells = lessons(&|lesson| result.points_of(lesson.name).to_string());
        let total = result.points.to_string();
        lines.push((
            Style::new(),
            layout.line(&row.id, &cells, &total, state(row)),
        ));
    }
    let mut out = String::new();
    for (style, line) in lines {
        let _ = writeln!(out, "{style}{line}{style:#}");
    }
    let notes: Vec<_> = class.rows.iter().flat_map(notes).collect();
    if !notes.is_empty() {
        let _ = writeln!(out, "\n{}", notes.join("\n"));
    }
    out
}

impl Layout {
    fn new(class: &Class, width: usize) -> Self {
        let longest = |texts: &mut dyn Iterator<Item = &str>| {
            let lengths = texts.map(|text| text.chars().count());
            lengths.max().unwrap_or(0)
        };
        let mut layout = Self {
            name: longest(&mut class.rows.iter().map(|row| row.id.as_str())).max(10),
            lesson: longest(&mut LESSONS.iter().map(|lesson| lesson.name)),
            state: longest(&mut class.rows.iter().map(state)),
        };
        // Very long names first, then headings, which are known anyway; at last both.
        for (name, lesson) in [(24, usize::MAX), (24, 6), (12, 6), (12, 4)] {
            let over = layout.width().saturating_sub(width);
            let cut = over.min(layout.name.saturating_sub(name));
            layout.name -= cut;
            while layout.width() > width && layout.lesson > lesson {
                layout.lesson -= 1;
            }
        }
        layout
    }

    /// The column of a lesson: as wide as its heading, or what is left of it, and wide enough for its points.
    fn column(&self, lesson: &Lesson) -> usize {
        lesson.name.chars().count().min(self.lesson).max(3)
    }

    fn width(&self) -> usize {
        let lessons: usize = LESSONS.iter().map(|lesson| 2 + self.column(lesson)).sum();
        let state = if self.state == 0 { 0 } else { 2 + self.state };
        self.name + lessons + "  total".len() + state
    }

    fn line(&self, name: &str, cells: &[String], total: &str, state: &str) -> String {
        let mut line = format!("{:1$}", cut(name, self.name), self.name);
        for (lesson, cell) in LESSONS.iter().zip(cells) {
            let column = self.column(lesson);
            let _ = write!(line, "  {:>column$}", cut(cell, column));
        }
        let _ = write!(line, "  {total:>5}  {state}");
        line.trim_end().to_owned()
    }
}

fn points(lesson: &Lesson) -> u32 {
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

/// What an instructor should look at: what the course is to blame for, what was not taken, and what may be no submission
/// at all.
fn notes(row: &Row) -> Vec<String> {
    let result = match &row.state {
        State::Failed(error) => return vec![format!("{}: not graded: {}", row.id, plain(error))],
        State::Graded(result) | State::Kept(result) => result,
    };
    let mut all = result.exercises.iter();
    if all.all(|own| own.verdict == NOT_HANDED_IN) {
        return vec![format!(
            "{}: holds no exercise's file; is it a checkout of the course, or a folder like lessons/?",
            row.id
        )];
    }
    let of_note = |own: &&result::Exercise| matches!(own.verdict.as_str(), REFUSED | UNSTABLE);
    let exercises = result.exercises.iter().filter(of_note);
    exercises
        .map(|own| {
            let note = own.note.as_deref().map(plain).unwrap_or_default();
            format!("{}: {} {}: {note}", row.id, own.exercise, own.verdict)
        })
        .collect()
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
