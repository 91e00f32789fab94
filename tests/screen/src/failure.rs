//! The screen of a check that did not pass.

use std::fmt::{Result, Write};

use report::{Output, Verdict};

use crate::checked::Checked;
use crate::compiler::{SHOWN_WARNINGS, by_weight};
use crate::errors;
use crate::paragraph::wrap;
use crate::style::Style;
use crate::tail::{self, Around};
use crate::transcript;
use crate::view::View;
use crate::width::escape;

/// The line that a shell writes its prompt on, and the one between the transcripts and the tail.
const SPARE_LINES: usize = 2;

/// Writes the screen of a check that did not pass: what it printed, what the compiler says, the transcripts as far as they
/// fit, and last, always, the verdict, what was seen, the file, the task and the next command. Of a long task the beginning is
/// shown, unless nothing of it has been done yet.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write_failure(
    out: &mut impl Write,
    checked: &Checked,
    view: &View,
    around: &Around,
) -> Result {
    let tail = tail::lines(checked, view, around);
    let taken = tail.len() + around.lines_above + SPARE_LINES;
    let room = view.rows.saturating_sub(taken);
    let mut parts = vec![printed(&checked.report.output, view)];
    match &checked.report.verdict {
        Verdict::DoesNotBuild(_) => parts.extend(errors::parts(checked, view, room)),
        _ => {
            parts.extend(warnings(checked));
            parts.push(transcript::lines(checked, view, room));
        }
    }
    parts.push(tail);
    parts.retain(|part| !part.is_empty());
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        for line in part {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// What the program printed.
fn printed(output: &Output, view: &View) -> Vec<String> {
    if output.head.iter().all(|line| line.trim().is_empty()) {
        return Vec::new();
    }
    let mut lines = vec!["  your program printed:".to_owned()];
    let mut add = |line: &String| {
        let line = escape(line);
        wrap(&line, view.columns, "    ", "      ", &mut lines);
    };
    output.head.iter().for_each(&mut add);
    if output.left_out > 0 {
        add(&format!("({} lines left out)", output.left_out));
    }
    output.tail.iter().for_each(&mut add);
    let left_out = format!("    ({} lines left out)", output.left_out);
    for line in &mut lines {
        if *line == left_out {
            *line = view.styles.paint(Style::Dim, line);
        }
    }
    lines
}

/// The most telling of the compiler's warnings, as it prints them.
fn warnings(checked: &Checked) -> Vec<Vec<String>> {
    let warnings = by_weight(&checked.warnings).into_iter();
    let lines = |message: &str| message.lines().map(escape).collect();
    warnings.take(SHOWN_WARNINGS).map(lines).collect()
}
