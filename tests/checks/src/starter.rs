//! From a solution to the starter that a learner begins with.
//!
//! In a solution, a region between two markers is what the learner writes:
//!
//! ```text
//! // gap: The task in one sentence.
//! // uses: Imported, Names; variables
//! ...
//! // end of gap
//! ```
//!
//! The starter has a call of the kit's `gap!` in its place, which names what the region used, so that the starter
//! compiles without a warning. All other files are given and the same in both.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::catalogue::Lesson;

/// How wide a line of a task may be.
const WIDTH: usize = 92;

/// The files of a lesson as they are generated from its solution, by their paths below the lesson's folder.
///
/// # Errors
///
/// When the solution cannot be read or a gap in it is malformed.
pub fn files(root: &Path, lesson: &Lesson) -> Result<BTreeMap<PathBuf, String>> {
    let solution = root.join("solutions").join(lesson.folder);
    let mut files = BTreeMap::new();
    let manifest = read(&solution.join("Cargo.toml"))?;
    files.insert(PathBuf::from("Cargo.toml"), manifest_for(&manifest, lesson));
    let source = solution.join("src");
    let entries = fs::read_dir(&source).with_context(|| format!("list {}", source.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_owned();
        let exercise = lesson
            .exercises
            .iter()
            .find(|exercise| name == exercise.file);
        let text = read(&path)?;
        let text = render(&text, exercise.map(|exercise| exercise.id))
            .with_context(|| format!("make a starter of {}", path.display()))?;
        files.insert(Path::new("src").join(name), text);
    }
    for exercise in lesson.exercises {
        if !files.contains_key(&Path::new("src").join(exercise.file)) {
            bail!(
                "{} has no file src/{} for {}",
                solution.display(),
                exercise.file,
                exercise.id
            );
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

/// The lesson's manifest: its own names, and no variants.
fn manifest_for(solution: &str, lesson: &Lesson) -> String {
    let kept = match (
        solution.find("# Other right programs"),
        solution.find("[dependencies]"),
    ) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &solution[..from], &solution[to..]),
        _ => solution.to_owned(),
    };
    kept.replace(
        &format!("solution-{}", lesson.name),
        &format!("lesson-{}", lesson.name),
    )
    .replace(
        &format!(
            "Lesson {}, solved: the source from which its starters are generated",
            lesson.name
        ),
        &format!("Lesson {}: the exercises", lesson.name),
    )
}

/// Replaces the gap of an exercise's file, and drops the marks that only the book needs.
fn render(solution: &str, exercise: Option<&str>) -> Result<String> {
    let mut out = String::new();
    let mut lines = solution.lines();
    let mut gaps = 0;
    let mut in_header = true;
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        if text.starts_with("// ANCHOR") {
            continue;
        }
        if in_header && !text.starts_with("//!") {
            in_header = false;
            if let Some(exercise) = exercise {
                out.push_str("//!\n");
                out.push_str(&format!(
                    "//! Fill the gap, save, and run `cargo xtask check {exercise}`.\n"
                ));
            }
        }
        let Some(task) = text.strip_prefix("// gap: ") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        gaps += 1;
        let indent = &line[..line.len() - text.len()];
        let uses = lines
            .next()
            .map(str::trim_start)
            .and_then(|line| line.strip_prefix("// uses: "));
        let uses =
            uses.context("a gap needs a line `// uses: Imported, Names; variables` below it")?;
        if !lines.any(|line| line.trim() == "// end of gap") {
            bail!("a gap has no `// end of gap`");
        }
        out.push_str(&call(task, uses, indent));
    }
    let wanted = usize::from(exercise.is_some());
    if gaps != wanted {
        bail!(
            "it has {gaps} gaps and should have {wanted}: one in an exercise's file, none elsewhere"
        );
    }
    Ok(out)
}

/// The macro call that stands in a gap.
fn call(task: &str, uses: &str, indent: &str) -> String {
    let (imports, variables) = uses.split_once(';').unwrap_or((uses, ""));
    let mut arguments = vec![wrap(task, indent)];
    if !imports.trim().is_empty() {
        arguments.push(format!("use {}", imports.trim()));
    }
    if !variables.trim().is_empty() {
        arguments.push(variables.trim().to_owned());
    }
    let arguments = arguments.join(&format!(";\n{indent}    "));
    format!("{indent}kit::gap!(\n{indent}    {arguments}\n{indent})\n")
}

/// The task as a string literal over as many lines as it takes.
fn wrap(task: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in task.split(' ') {
        let last = lines.len() - 1;
        if indent.len() + lines[last].len() + word.len() > WIDTH - 8 {
            lines.push(String::new());
        }
        let last = lines.len() - 1;
        lines[last].push_str(&word.replace('\\', "\\\\").replace('"', "\\\""));
        lines[last].push(' ');
    }
    let text = lines.join(&format!("\\\n{indent}     "));
    format!("\"{}\"", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "\
//! Header.

fn one(a: u8) -> u8 {
    // ANCHOR: solution
    // gap: Return it.
    // uses: Thing; a
    a
    // end of gap
    // ANCHOR_END: solution
}
";

    #[test]
    fn a_gap_becomes_a_call_that_names_what_it_used() {
        let starter = render(SOLUTION, Some("unary.1")).unwrap();
        assert!(starter.contains(
            "    kit::gap!(\n        \"Return it.\";\n        use Thing;\n        a\n    )\n}"
        ));
        assert!(starter.contains(
            "//! Header.\n//!\n//! Fill the gap, save, and run `cargo xtask check unary.1`.\n"
        ));
        assert!(!starter.contains("ANCHOR"), "{starter}");
    }

    #[test]
    fn a_gap_that_is_malformed_is_refused() {
        let open = SOLUTION.replace("// end of gap", "");
        assert!(render(&open, Some("unary.1")).is_err());
        let unnamed = SOLUTION.replace("// uses: Thing; a", "");
        assert!(render(&unnamed, Some("unary.1")).is_err());
        assert!(render("fn none() {}\n", Some("unary.1")).is_err());
        assert!(render(SOLUTION, None).is_err(), "a gap in a given file");
    }
}
