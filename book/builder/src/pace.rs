//! How far two programs were ahead of each other, on a page: `{{#pace server-streaming.5}}`.
//!
//! It is a chart for each run of the exercise's `pace.txt`, all on one scale, and a table that says the same.

use std::fmt::Write as _;
use std::path::Path;

use catalogue::{Pace, PaceRun};

use crate::chart::{self, Scale};
use crate::html::escape;
use crate::problem::{Problem, from_root};

/// A table with more rows leaves some out.
const MAX_ROWS: usize = 12;
/// Of those, the first of which none is left out.
const FIRST_ROWS: usize = 4;

/// The block of HTML for an exercise's recorded runs. It holds no blank line, which would end it for Markdown.
pub(crate) fn block(root: &Path, exercise: &str, id: &str) -> Result<String, Problem> {
    let folder = catalogue::find_folder(root, exercise).ok().flatten();
    let path = folder.map(|folder| folder.join(Pace::FILE));
    let Some(path) = path.filter(|path| path.is_file()) else {
        return Err(Problem::new(
            format!(
                "{exercise:?} has no {} in a folder in solutions/",
                Pace::FILE
            ),
            "the exercise is misspelt, or no pace was recorded of it",
            "name another; CONTRIBUTING.md says what the file has in it",
        ));
    };
    let pace = Pace::read(&path).map_err(|error| {
        let line = match error.line {
            0 => String::new(),
            line => format!(":{line}"),
        };
        Problem::new(
            format!(
                "cannot read {}{line}: {}",
                from_root(root, &path).display(),
                error.what
            ),
            "it was edited by hand, or its format changed",
            "record it again",
        )
    })?;
    Ok(figure(exercise, pace.runs(), id))
}

fn figure(exercise: &str, runs: &[PaceRun], id: &str) -> String {
    let scale = Scale::of(runs);
    let mut out = format!(
        "<figure class=\"wire pace\" id=\"{id}\">\n<div class=\"beside\"><div class=\"columns of-{}\">\n",
        runs.len().min(2)
    );
    for (number, run) in (1..).zip(runs) {
        out.push_str(&chart::draw(run, scale, id, number));
    }
    out.push_str("</div></div>\n");
    table(runs, id, &mut out);
    let each = match runs {
        [_] => "",
        _ => " All runs are drawn on one scale.",
    };
    let _ = write!(
        out,
        "<figcaption>Recorded from <code>{}</code>: how many documents the edge had asked the host about, and how many \
         answers the client had read, after each of these steps. They stand in the order in which they crossed the wire; \
         how long they took is not drawn.{each}</figcaption>\n</figure>",
        escape(exercise)
    );
    out
}

/// The same in numbers: how far each run had come while the client had read so many answers.
fn table(runs: &[PaceRun], id: &str, out: &mut String) {
    let asked: Vec<_> = runs.iter().map(asked_by_read).collect();
    let rows = asked.iter().map(Vec::len).max().unwrap_or_default();
    let _ = write!(
        out,
        "<details>\n<summary>The same in numbers</summary>\n<table id=\"{id}-table\">\n<thead><tr><th scope=\"col\">answers read</th>"
    );
    for run in runs {
        let _ = write!(
            out,
            "<th scope=\"col\">{}: asked about by then</th>",
            escape(&run.name)
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for read in shown(rows) {
        let _ = write!(out, "<tr><th scope=\"row\">{read}</th>");
        for asked in &asked {
            let _ = match asked.get(read) {
                Some(asked) => write!(out, "<td>{asked}</td>"),
                None => write!(out, "<td>not read</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</details>\n");
}

/// How many documents had been asked about at most while so many answers, from none on, were read.
fn asked_by_read(run: &PaceRun) -> Vec<usize> {
    let mut most: Vec<usize> = Vec::new();
    for (asked, read) in run.counts() {
        // A step adds one to one of the two, and neither goes back.
        match most.get_mut(read) {
            Some(most) => *most = asked,
            None => most.push(asked),
        }
    }
    most
}

/// Which of so many rows are shown: all, or the first, some in between at even distances, and the last.
fn shown(rows: usize) -> Vec<usize> {
    let step = match rows <= MAX_ROWS {
        true => 1,
        false => chart::round_step(rows, MAX_ROWS - FIRST_ROWS - 1),
    };
    let is_shown = |row: &usize| *row < FIRST_ROWS || row.is_multiple_of(step) || *row == rows - 1;
    (0..rows).filter(is_shown).collect()
}

#[cfg(test)]
mod tests {
    use catalogue::PaceStep;

    use super::*;

    /// A run from its steps, `a` for asked and `r` for read.
    fn run(name: &str, steps: &str) -> PaceRun {
        let step = |step| match step {
            'a' => PaceStep::Asked("doc-1".to_owned()),
            _ => PaceStep::Read("doc-1".to_owned()),
        };
        PaceRun {
            name: name.to_owned(),
            steps: steps.chars().map(step).collect(),
        }
    }

    #[test]
    fn table_says_how_far_each_run_was_for_each_answer() {
        let runs = [run("bounded", "aaararar"), run("<free>", "aaaaaar")];
        let figure = figure("a.1", &runs, "id");
        let rows: Vec<_> = figure
            .split("<tr>")
            .skip(2)
            .filter_map(|row| row.split_once("</tr>"))
            .map(|(row, _)| {
                row.replace("<th scope=\"row\">", "")
                    .replace("</th><td>", " ")
                    .replace("</td><td>", " ")
                    .replace("</td>", "")
            })
            .collect();
        assert_eq!(rows, ["0 3 6", "1 4 6", "2 5 not read", "3 5 not read"]);
        assert!(figure.contains("&lt;free&gt;") && !figure.contains("<free>"));
        assert!(
            !figure.contains("\n\n"),
            "a blank line ends HTML within Markdown"
        );
    }

    #[test]
    fn long_tables_have_their_first_rows_some_between_and_the_last() {
        assert_eq!(shown(3), [0, 1, 2]);
        assert_eq!(shown(12).len(), 12);
        assert_eq!(shown(42), [0, 1, 2, 3, 10, 20, 30, 40, 41]);
        for rows in 1..3000 {
            let shown = shown(rows);
            assert!(
                shown.len() <= MAX_ROWS && shown.last() == Some(&(rows - 1)),
                "{rows}"
            );
        }
    }
}
