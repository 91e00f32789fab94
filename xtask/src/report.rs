//! A check's report, for people and for programs.

use std::collections::BTreeSet;

use checks::{Exercise, Report, Verdict};
use serde_json::{Value, json};
use tap::Transcript;

use crate::paragraph::paragraph;
use crate::side_by_side;
use crate::style::{BAD, DIM, GOOD, STRONG, paint};

/// How many lines are shown of what a program printed.
const PRINTED: usize = 20;

/// The one line that every checked exercise gets.
pub(crate) fn line(report: &Report) {
    let exercise = report.exercise;
    let (mark, style) = match report.verdict {
        Verdict::Passed => ("passed", GOOD),
        Verdict::Unfinished { .. } => ("not done yet", DIM),
        _ => (report.verdict.name(), BAD),
    };
    println!(
        "{}  {}  {}",
        paint(&STRONG, exercise.id),
        paint(&style, mark),
        paint(&DIM, exercise.title)
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
            println!("  read   {}", page(report.exercise));
            println!("  time   about {} minutes", report.exercise.minutes);
        }
        Verdict::DoesNotBuild(errors) => {
            println!("\n  edit   {at}");
            if !errors.contains_key(&file) {
                paragraph(
                    "  why    ",
                    &format!(
                        "The errors are in files that you do not edit: the course calls your function from there. Most \
                         likely the file is missing, or the first line of the function (its name, its arguments or its \
                         result) is not as it was. `git diff {file}` shows what you changed, and `git checkout {file}` \
                         puts the file back as it was, without your code."
                    ),
                );
            }
            // One mistake in a signature is found at every place that uses it.
            let mut seen = BTreeSet::new();
            for error in errors.values().flatten().map(|error| error.trim_end()) {
                if seen.insert(error) {
                    println!("\n{error}");
                }
            }
            return;
        }
        verdict => {
            println!("\n  edit   {at}");
            let failure_message = report.failure_message.as_deref().map(escape);
            let what = match verdict {
                Verdict::Hangs => Some(
                    "Nothing crossed the wire any more, and your program had not finished: it waits for something that \
                     does not come, or is in a loop without an end."
                        .to_owned(),
                ),
                Verdict::Runaway => Some(
                    "Your program went on and on: far more crossed the wire, or for far longer, than the exercise needs."
                        .to_owned(),
                ),
                Verdict::Crashed(status) if failure_message.is_none() => Some(format!(
                    "Your program ended before the exercise was over ({status})."
                )),
                _ => None,
            };
            for why in failure_message.into_iter().chain(what) {
                paragraph("  why    ", &why);
            }
        }
    }
    if let Some(diagnosis) = report.diagnosis {
        paragraph("  likely ", diagnosis.advice);
    }
    println!();
    if let Some(difference) = &report.difference {
        let more = format!("`cargo xtask check {} --full`", report.exercise.id);
        side_by_side::print(&difference.rows, side_by_side::width(), full, &more);
    }
    let (head, left_out, tail) = report.output.lines(PRINTED);
    if !head.iter().all(|line| line.trim().is_empty()) {
        println!("\n  your program printed:");
        head.iter()
            .for_each(|line| println!("    {}", escape(line)));
        if left_out > 0 {
            let left_out = format!("    ({left_out} lines left out)");
            println!("{}", paint(&DIM, &left_out));
        }
        tail.iter()
            .for_each(|line| println!("    {}", escape(line)));
    }
}

/// Where the book explains what an exercise needs.
fn page(exercise: &Exercise) -> String {
    let page = exercise.page.trim_end_matches(".md");
    let html = format!("target/book/{page}.html");
    match checks::workspace_root().join(&html).exists() {
        true => html,
        false => format!("{html}, which `cargo xtask book` builds"),
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
        "failure_message": report.failure_message,
        "output": report.output.to_string(),
        "note": (report.verdict == Verdict::Passed).then_some(report.exercise.note),
    })
}
