//! What a check prints, on a page: `{{#screen protobuf.1 own-request-returned}}`.
//!
//! The text comes from the recorded screens, which a test of the course compares with what is printed, so that a page
//! cannot show what no command prints. There is a file for each exercise, with the screen of each diagnosis, and one for
//! the `verdicts`. A screen is named by its heading, or by what stands in the heading before a colon.

use std::path::{Path, PathBuf};

use insta::Snapshot;

use crate::problem::{Problem, from_root};

/// The recorded screens: a file for each width of each exercise, and of the verdicts.
const FOLDER: &str = "tests/course/tests/course/screens/recorded";
/// The widths that are recorded.
#[derive(Clone, Copy)]
pub(crate) enum Columns {
    /// 80 columns, which a terminal usually has.
    Usual,
    /// 60 columns.
    Narrow,
}

/// In front of the name of each screen in a file.
const HEADING: &str = "=== ";
const FENCE: &str = "```";

/// The screen that `argument` names, as a block of code.
pub(crate) fn block(root: &Path, argument: &str) -> Result<String, Problem> {
    Ok(format!(
        "{FENCE}text\n{}\n{FENCE}\n",
        screen(root, argument, Columns::Usual)?
    ))
}

/// The lines of the screen that `argument` names: an exercise or `verdicts`, and the name of one of its screens.
pub(crate) fn screen(root: &Path, argument: &str, columns: Columns) -> Result<String, Problem> {
    let Some((of, name)) = argument.split_once(' ') else {
        return Err(Problem::new(
            format!("{argument:?} is not a screen"),
            "a screen is named by its file and its heading",
            "write {{#screen unary.3 NAME}} for a diagnosis, or {{#screen verdicts NAME}}",
        ));
    };
    let path = file(root, of, columns);
    let shown = from_root(root, &path).display();
    let snapshot = Snapshot::from_file(&path).map_err(|error| {
        Problem::new(
            format!("cannot read {shown}: {error}"),
            "the exercise is misspelt, or its screens were never recorded",
            "name another exercise, or record the screens: CONTRIBUTING.md says how",
        )
    })?;
    let text = snapshot
        .as_text()
        .map(ToString::to_string)
        .unwrap_or_default();
    section(&text, name.trim()).map_err(|names| {
        Problem::new(
            format!("{shown} has no screen {name:?}"),
            format!("it was renamed; there are: {}", names.join(", ")),
            "name one of these",
        )
    })
}

fn file(root: &Path, of: &str, columns: Columns) -> PathBuf {
    let columns = match columns {
        Columns::Usual => 80,
        Columns::Narrow => 60,
    };
    root.join(FOLDER).join(format!("{of}-{columns}.snap"))
}

/// What stands under a heading, or all headings.
fn section(text: &str, name: &str) -> Result<String, Vec<String>> {
    let mut names = Vec::new();
    let mut found: Option<Vec<&str>> = None;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix(HEADING) {
            if found.is_some() {
                break;
            }
            let short = heading.split(": ").next().unwrap_or(heading);
            names.push(short.to_owned());
            found = [heading, short].contains(&name).then(Vec::new);
        } else if let Some(lines) = &mut found {
            lines.push(line);
        }
    }
    let lines = found.ok_or(names)?;
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}
