//! A check's report, for people and for programs.

use checks::{Exercise, Report, Verdict};
use serde_json::{Value, json};
use tap::Transcript;

use crate::paragraph::paragraph;
use crate::side_by_side;
use crate::style::{BAD, DIM, GOOD, STRONG, paint};

/// The one line that every checked exercise gets.
pub(crate) fn line(report: &Report) {
    let exercise = report.exercise;
    let (mark, style) = match report.verdict {
        Verdict::Passed => ("passed", GOOD),
        Verdict::Unfinished { .. } => ("not done yet", DIM),
        _ => (report.verdict.name(), BAD),
    };
    anstream::println!(
        "{}  {}  {}",
        paint(STRONG, exercise.id),
        paint(style, mark),
        paint(DIM, exercise.title)
    );
}

/// Another way to do what has just passed.
pub(crate) fn note(exercise: &Exercise) {
    println!();
    paragraph("note   ", exercise.note);
}

/// All that helps with an exercise that did not pass.
pub(crate) fn details(report: &Report, full: bool) {
    let (file, line) = place(report);
    let at = line.map_or_else(|| file.clone(), |line| format!("{file}:{line}"));
    match &report.verdict {
        Verdict::Passed => return,
        Verdict::Unfinished { task, .. } => {
            println!("\n  edit   {at}");
            paragraph("  task   ", task);
            println!("  time   about {} minutes", report.exercise.minutes);
        }
        Verdict::DoesNotBuild(errors) => {
            println!("\n  edit   {at}");
            for error in errors.values().flatten() {
                println!("\n{}", error.trim_end());
            }
            return;
        }
        Verdict::Hangs => {
            println!("\n  edit   {at}");
            paragraph(
                "  why    ",
                "Nothing happened any more, and your program had not finished: somebody waits for something that does not come.",
            );
        }
        Verdict::Crashed(status) => {
            println!("\n  edit   {at}");
            paragraph(
                "  why    ",
                &format!("Your program ended before the exercise was over ({status})."),
            );
        }
        Verdict::Differs => println!("\n  edit   {at}"),
    }
    if let Some(diagnosis) = report.diagnosis {
        paragraph("  likely ", diagnosis.advice);
    }
    println!();
    if let Some(difference) = &report.difference {
        side_by_side::print(&difference.rows, side_by_side::width(), full);
    }
    if !report.output.trim().is_empty() {
        println!("\n  your program printed:");
        for line in report.output.lines().take(20) {
            println!("    {}", escape(line));
        }
    }
}

/// What a program printed may hold anything; a terminal must not obey it.
fn escape(line: &str) -> String {
    line.chars()
        .flat_map(
            |character| match character.is_control() && character != '\t' {
                true => character.escape_default().collect::<Vec<_>>(),
                false => vec![character],
            },
        )
        .collect()
}

/// Where to edit.
fn place(report: &Report) -> (String, Option<u32>) {
    match &report.verdict {
        Verdict::Unfinished { file, line, .. } => (file.clone(), Some(*line)),
        _ => (report.file.clone(), None),
    }
}

/// The report as data.
pub(crate) fn json(report: &Report) -> Value {
    let (file, line) = place(report);
    let lines = |transcript: &Transcript| -> Vec<String> {
        transcript.lines.iter().map(ToString::to_string).collect()
    };
    let rows = report
        .difference
        .iter()
        .flat_map(|difference| &difference.rows);
    let rows: Vec<_> = rows
        .map(|row| {
            json!({
                "expected": row.expected.as_ref().map(ToString::to_string),
                "actual": row.actual.as_ref().map(ToString::to_string),
                "same": row.same,
            })
        })
        .collect();
    let errors = match &report.verdict {
        Verdict::DoesNotBuild(errors) => errors.values().flatten().cloned().collect(),
        _ => Vec::new(),
    };
    let task = match &report.verdict {
        Verdict::Unfinished { task, .. } => Some(task),
        _ => None,
    };
    json!({
        "exercise": report.exercise.id,
        "verdict": report.verdict.name(),
        "diagnosis": report.diagnosis.map(|own| json!({ "name": own.name, "advice": own.advice })),
        "file": file,
        "line": line,
        "task": task,
        "expected": lines(&report.expected),
        "actual": lines(&report.actual),
        "difference": rows,
        "errors": errors,
        "output": report.output,
        "note": (report.verdict == Verdict::Passed).then_some(report.exercise.note),
    })
}
