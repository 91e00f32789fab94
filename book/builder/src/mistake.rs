//! A known mistake beside the right run, on a page: `{{#mistake unary.2 deadline-not-sent}}`.
//!
//! It is a part of the recorded screen: the rows that differ, the verdict, and what was seen. What is left out is what a
//! learner needs at that moment and a reader of the page does not: the file, the task, the next command, and the likely
//! cause, which the page itself explains. The screen of 60 columns is taken, since a telephone can show so many.

use std::path::Path;

use crate::problem::Problem;
use crate::screen::{self, Columns};

/// In front of the only entry below the verdict that is shown.
const SEEN: &str = "  seen ";
/// In front of the lines that go on with an entry.
const INDENT: &str = "          ";
/// Where the command stands that shows the rows that are left out, the last thing of the rows.
const MORE: &str = "--full";

/// The mistake that `argument` names, by an exercise and a diagnosis, as a block of code.
pub(crate) fn block(root: &Path, argument: &str) -> Result<String, Problem> {
    let screen = screen::screen(root, argument, Columns::Narrow)?;
    let mistake = mistake(&screen).ok_or_else(|| {
        Problem::new(
            format!("{argument:?} is not the screen of a mistake"),
            "its program passes, or its recorded screen has no rows, or no line `seen`",
            "name a diagnosis whose transcripts are recorded, or show the whole with {{#screen …}}",
        )
    })?;
    Ok(format!("```text,narrow\n{mistake}\n```\n"))
}

/// What is shown of a whole screen. None where the screen has no rows or nothing was seen.
fn mistake(screen: &str) -> Option<String> {
    let (rows, below) = screen.split_once("\n\n")?;
    let rows = without_count(rows);
    let mut below = below.lines();
    let mut words = below.next()?.split("  ");
    let (exercise, verdict) = (words.next()?, words.next()?);
    let mut seen = below.skip_while(|line| !line.starts_with(SEEN));
    let mut lines = vec![seen.next()?];
    lines.extend(seen.take_while(|line| line.starts_with(INDENT)));
    let compared = rows.contains('≠');
    compared.then(|| format!("{rows}\n\n{exercise}  {verdict}\n{}", lines.join("\n")))
}

/// `rows` without the last lines, which count the rows that are not there.
fn without_count(rows: &str) -> &str {
    match rows.rfind("\n    (") {
        Some(start) if rows[start..].contains(MORE) => &rows[..start],
        _ => rows,
    }
}
