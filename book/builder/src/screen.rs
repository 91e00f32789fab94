//! What a check prints, on a page: `{{#screen protobuf.1 unfinished}}`.
//!
//! The text comes from the recorded screens, which a test of the course compares with what is printed, so that a page
//! cannot show what no command prints. README.md, which is read without the builder, has a comment
//! `<!-- screen: protobuf.1 unfinished -->` above its block, and the check compares the two.

use std::fs;
use std::path::{Path, PathBuf};

use insta::Snapshot;

use crate::problem::{Problem, from_root};

/// The recorded screens: a file for each exercise and width.
const FOLDER: &str = "tests/course/tests/course/screens";
/// The width that pages show, in columns.
const COLUMNS: u32 = 80;
/// In front of the name of each screen in a file.
const HEADING: &str = "=== ";
const README: &str = "README.md";
const COMMENT: (&str, &str) = ("<!-- screen: ", " -->");
const FENCE: &str = "```";

/// The screen that `argument` names, as a block of code.
pub(crate) fn block(root: &Path, argument: &str) -> Result<String, Problem> {
    Ok(format!(
        "{FENCE}text\n{}\n{FENCE}\n",
        screen(root, argument)?
    ))
}

/// The lines of the screen that `argument` names: an exercise and the name of one of its screens.
fn screen(root: &Path, argument: &str) -> Result<String, Problem> {
    let Some((exercise, name)) = argument.split_once(' ') else {
        return Err(Problem::new(
            format!("{argument:?} is not a screen"),
            "a screen is named by its exercise and its heading",
            "write {{#screen protobuf.1 unfinished}}",
        ));
    };
    let path = file(root, exercise);
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

fn file(root: &Path, exercise: &str) -> PathBuf {
    root.join(FOLDER).join(format!("{exercise}-{COLUMNS}.snap"))
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
            names.push(heading.to_owned());
            found = (heading == name).then(Vec::new);
        } else if let Some(lines) = &mut found {
            lines.push(line);
        }
    }
    let lines = found.ok_or(names)?;
    Ok(lines.join("\n").trim_matches('\n').to_owned())
}

/// Compares the screens in the README with the recorded ones.
pub(crate) fn check_readme(root: &Path) -> Vec<Problem> {
    let file = Path::new(README);
    let text = fs::read_to_string(root.join(file)).unwrap_or_default();
    let mut problems = Vec::new();
    let lines: Vec<_> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let argument = line.strip_prefix(COMMENT.0);
        let Some(argument) = argument.and_then(|rest| rest.strip_suffix(COMMENT.1)) else {
            continue;
        };
        let block = lines[index + 1..].iter();
        let block = block.skip_while(|line| !line.starts_with(FENCE)).skip(1);
        let block: Vec<_> = block
            .take_while(|line| !line.starts_with(FENCE))
            .copied()
            .collect();
        let problem = match screen(root, argument) {
            Ok(screen) if screen == block.join("\n") => continue,
            Ok(screen) => Problem::new(
                "the block below is not the recorded screen",
                "the command prints something else now, or the block was edited",
                format!("put this there:\n{screen}"),
            ),
            Err(problem) => problem,
        };
        problems.push(problem.at(file, index + 1));
    }
    problems
}
