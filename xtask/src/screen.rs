//! A check's report, for people and for programs.

use std::collections::BTreeSet;

use catalogue::{Exercise, plain};
use report::{PUBLISHED_SEED, Report, Verdict};
use serde_json::{Value, json};

use crate::checkers::Notes;
use crate::paragraph::paragraph;
use crate::side_by_side;
use crate::style::{BAD, DIM, GOOD, STRONG, paint};

/// A checked exercise.
pub(crate) struct Checked<'a> {
    /// The exercise.
    pub(crate) exercise: &'a Exercise,
    /// Its file, relative to the course's folder.
    pub(crate) file: String,
    /// What the check came to.
    pub(crate) report: Report,
    /// What there is to say of its build.
    pub(crate) notes: Notes,
}

impl Checked<'_> {
    /// Whether it passed.
    pub(crate) fn passed(&self) -> bool {
        self.report.verdict == Verdict::Passed
    }

    /// Where to edit: the file, and the line of the gap where one was reached.
    fn place(&self) -> (&str, Option<u32>) {
        match &self.report.verdict {
            Verdict::Unfinished { file, line, .. } => (file, Some(*line)),
            _ => (&self.file, None),
        }
    }
}

/// The one line that every checked exercise gets.
pub(crate) fn line(checked: &Checked<'_>) {
    let exercise = checked.exercise;
    let (mark, style) = match &checked.report.verdict {
        Verdict::Passed => ("passed", GOOD),
        Verdict::Unfinished { .. } => ("not done yet", DIM),
        verdict => (verdict.name(), BAD),
    };
    println!(
        "{}  {}  {}",
        paint(&STRONG, &exercise.id),
        paint(&style, mark),
        paint(&DIM, &exercise.title)
    );
}

/// Another way to do what has just passed.
pub(crate) fn note(exercise: &Exercise) {
    println!();
    paragraph("note   ", &plain(&exercise.note));
}

/// Everything that helps with an exercise that did not pass.
pub(crate) fn details(checked: &Checked<'_>, full: bool) {
    let Checked {
        exercise, report, ..
    } = checked;
    let (file, line) = checked.place();
    let at = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
    match &report.verdict {
        Verdict::Passed => return,
        Verdict::Unfinished { task, .. } => {
            println!("\n  edit   {at}");
            paragraph("  task   ", task);
            println!("  read   {}", page(exercise));
            println!("  time   about {} minutes", exercise.minutes);
        }
        Verdict::DoesNotBuild(errors) => {
            println!("\n  edit   {at}");
            if let Some(advice) = &checked.notes.advice {
                paragraph("  why    ", advice);
            }
            changed_given(checked);
            // The compiler reports a mistake in a signature at every place that uses it.
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
            let message = report.failure_message.as_deref().map(escape);
            let what = match verdict {
                Verdict::Hangs => Some(
                    "Nothing crossed the wire any more, and your program had not finished: it waits for something that \
                     does not come, or is in a loop without an end."
                        .to_owned(),
                ),
                Verdict::Runaway if message.is_none() => Some(
                    "Your program went on and on: far more crossed the wire, or for far longer, than the exercise needs."
                        .to_owned(),
                ),
                Verdict::Crashed(status) if message.is_none() => Some(format!(
                    "Your program ended before the exercise was over ({status})."
                )),
                _ => None,
            };
            for why in message.into_iter().chain(what) {
                paragraph("  why    ", &why);
            }
        }
    }
    if let Some(diagnosis) = &report.diagnosis {
        // The general ones for a panic and an error say what the program has said itself.
        let said = report.failure_message.as_ref() == Some(&diagnosis.seen);
        if !said && !diagnosis.seen.is_empty() {
            paragraph("  seen   ", &escape(&diagnosis.seen));
        }
        paragraph("  likely ", &diagnosis.usually);
    }
    changed_given(checked);
    for warning in &checked.notes.warnings {
        println!("\n{}", warning.trim_end());
    }
    println!();
    if !report.difference.is_empty() {
        let seed = match report.seed {
            PUBLISHED_SEED => String::new(),
            seed => format!(" --seed {seed}"),
        };
        let more = format!("`cargo xtask check {}{seed} --full`", exercise.id);
        side_by_side::print(&report.difference, side_by_side::width(), full, &more);
    }
    let output = &report.output;
    if !output.head.iter().all(|line| line.trim().is_empty()) {
        println!("\n  your program printed:");
        let head = output.head.iter();
        head.for_each(|line| println!("    {}", escape(line)));
        if output.left_out > 0 {
            let left_out = format!("    ({} lines left out)", output.left_out);
            println!("{}", paint(&DIM, &left_out));
        }
        let tail = output.tail.iter();
        tail.for_each(|line| println!("    {}", escape(line)));
    }
}

/// Names the given files that are not as the course has them: what a check came to may be their doing.
fn changed_given(checked: &Checked<'_>) {
    let files = &checked.notes.changed_given;
    if files.is_empty() {
        return;
    }
    let lesson = checked.exercise.id.split('.').next().unwrap_or_default();
    let files: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    paragraph(
        "  note   ",
        &format!(
            "These files of the lesson are not as the course has them: {}. A grade is given with the course's own. `cargo xtask \
             reset {lesson}` puts those back, after it has kept yours.",
            files.join(", ")
        ),
    );
}

/// Where the book explains what an exercise needs: relative to the course, where cargo builds inside it.
fn page(exercise: &Exercise) -> String {
    let root = build::workspace_root();
    let target = build::target_dir(&root).unwrap_or_else(|_| root.join("target"));
    let page = exercise.page.trim_end_matches(".md");
    let path = target.join(format!("book/{page}.html"));
    let shown = path.strip_prefix(&root).unwrap_or(&path).display();
    match path.exists() {
        true => shown.to_string(),
        false => format!("{shown}, which `cargo xtask book` builds"),
    }
}

/// A line that a program printed may hold control characters, which a terminal must not obey.
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

/// The report as data: `JSON.md` beside the crate `report` says what its keys are.
pub(crate) fn json(checked: &Checked<'_>) -> Value {
    let (file, line) = checked.place();
    let exercise = checked.exercise;
    let mut value = checked.report.to_json();
    value["file"] = json!(file);
    value["line"] = json!(line);
    value["title"] = json!(exercise.title);
    value["advice"] = json!(checked.notes.advice);
    value["warnings"] = json!(checked.notes.warnings);
    value["changed_files"] = json!(checked.notes.changed_given);
    value["note"] = json!(checked.passed().then_some(&exercise.note));
    value
}
