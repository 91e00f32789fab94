//! From a solution to the starter that a learner begins with.
//!
//! The gap of a solution is what the learner writes. The starter has a call of the kit's `gap!` in its place, which
//! names what the gap used, so that it compiles without a warning. All other files are given, and the same in both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalogue::{Exercise, Form, Gap, Lesson};

use crate::generated::read;
use crate::lists;

/// The widest line of a task, in columns.
const TASK_COLUMNS: usize = 84;

/// The files of a learner's lesson, by their paths below the lesson's folder.
///
/// # Errors
///
/// When a file of the solution cannot be read.
pub fn lesson_files(lesson: &Lesson) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    let manifest = read(&lesson.path.join("Cargo.toml"))?;
    files.insert("Cargo.toml".into(), manifest_of(lesson, &manifest)?);
    let source = Path::new("src");
    files.insert(source.join("main.rs"), lists::lesson_main(lesson));
    files.insert(source.join("run.rs"), lists::lesson_run(lesson));
    for given in &lesson.given {
        let name = format!("{given}.rs");
        let text = read(&lesson.path.join("given").join(&name))?;
        files.insert(source.join(name), without_anchors(&text));
    }
    for exercise in &lesson.exercises {
        let given = read(&exercise.path.join("given.rs"))?;
        let name = format!("run/{}.rs", lists::module(exercise));
        files.insert(source.join(name), without_anchors(&given));
        files.insert(source.join(exercise.file()), starter(exercise));
    }
    Ok(files)
}

/// The lesson's manifest: its own name, and the dependencies of its solution.
fn manifest_of(lesson: &Lesson, solution: &str) -> Result<String> {
    let (_, dependencies) = solution
        .split_once("[dependencies]\n")
        .with_context(|| format!("{}/Cargo.toml has no [dependencies]", lesson.path.display()))?;
    let dependencies = dependencies.split("\n[").next().unwrap_or_default().trim();
    let package = lesson.lesson_package();
    Ok(format!(
        "[package]\n\
         name = \"{package}\"\n\
         description = \"Lesson {}: the exercises\"\n\
         version.workspace = true\n\
         edition.workspace = true\n\
         rust-version.workspace = true\n\
         license.workspace = true\n\
         publish.workspace = true\n\
         autobins = false\n\n\
         [[bin]]\n\
         name = \"{package}\"\n\
         path = \"src/main.rs\"\n\
         test = false\n\n\
         [dependencies]\n{dependencies}\n\n\
         [lints]\nworkspace = true\n",
        lesson.name
    ))
}

fn without_anchors(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("// ANCHOR"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The file that a learner begins an exercise with.
fn starter(exercise: &Exercise) -> String {
    let Gap { before, after, .. } = &exercise.gap;
    let header = before
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .count();
    let (header, code): (Vec<_>, Vec<_>) = before
        .lines()
        .enumerate()
        .partition(|(index, _)| *index < header);
    let joined = |lines: Vec<(usize, &str)>| -> String {
        lines.iter().flat_map(|(_, line)| [line, "\n"]).collect()
    };
    let id = &exercise.id;
    let write = write(&exercise.gap);
    format!(
        "//! {id}: {}.\n//!\n{}//!\n//! {write}, save, and run `cargo xtask check {id}`.\n{}{}{after}",
        exercise.title,
        joined(header),
        joined(code),
        call(&exercise.task, &exercise.gap)
    )
}

/// What a learner is told to do.
fn write(gap: &Gap) -> String {
    let what = match gap.form {
        Form::Body => "fill the gap",
        Form::Function(_) => "write the function in the place of the gap",
        Form::Method(_) => "write the method in the place of the gap",
    };
    match gap.use_lines.as_str() {
        "" => format!("{}{}", what[..1].to_uppercase(), &what[1..]),
        _ => format!("Write the imports, {what}"),
    }
}

/// The macro call that stands in the gap.
fn call(task: &str, gap: &Gap) -> String {
    let indent = &gap.indent;
    let mut arguments = vec![literal(task, indent)];
    if !gap.imports.is_empty() {
        arguments.push(format!("use {}", gap.imports));
    }
    let brackets = match &gap.form {
        Form::Body => ("(", ")"),
        // In parentheses it would need a semicolon behind it, and that would be left where a learner removes the call.
        Form::Function(function) | Form::Method(function) => {
            arguments.push(function.clone());
            (" {", "}")
        }
    };
    if !gap.variables.is_empty() {
        arguments.push(gap.variables.clone());
    }
    let arguments = arguments.join(&format!(";\n{indent}    "));
    let (open, close) = brackets;
    format!("{indent}kit::gap!{open}\n{indent}    {arguments}\n{indent}{close}\n")
}

/// The task as a string literal over as many lines as it takes.
fn literal(task: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in task.split(' ') {
        let last = lines.len() - 1;
        if indent.len() + lines[last].len() + word.len() > TASK_COLUMNS {
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

    fn exercise(solution: &str) -> Exercise {
        let gap = Gap::find(Path::new("solution.rs"), solution).expect("a gap");
        Exercise {
            id: "unary.1".into(),
            number: 1,
            slug: "one".into(),
            title: "your first".into(),
            page: "one.md".into(),
            minutes: 5,
            points: 1,
            entry: "one".into(),
            task: "Return `\"it\"`.".into(),
            more: String::new(),
            hints: [const { String::new() }; 3],
            note: String::new(),
            gap,
            path: PathBuf::new(),
        }
    }

    #[test]
    fn gap_becomes_a_call_that_names_what_it_used() {
        let solution = "//! Why.\n\nuse a::Thing;\n\n// ANCHOR: x\nfn one(a: u8) -> u8 {\n    // gap\n    // uses: Thing; a\n    a\n    // end of gap\n}\n";
        let expected = "//! unary.1: your first.\n//!\n//! Why.\n//!\n//! Fill the gap, save, and run `cargo xtask check unary.1`.\n\
            \nuse a::Thing;\n\nfn one(a: u8) -> u8 {\n    kit::gap!(\n        \"Return `\\\"it\\\"`.\";\n        use Thing;\n        a\n    )\n}\n";
        assert_eq!(starter(&exercise(solution)), expected);
    }

    #[test]
    fn a_function_becomes_a_call_that_names_it() {
        let solution = "//! Why.\n\nuse a::Thing;\n\nconst A: u8 = 1;\n\n// gap\n// uses: Thing; async fn one(client, file); A\npub async fn one(a: u8, b: Thing) {}\n// end of gap\n";
        let expected = "//! Write the function in the place of the gap, save, and run `cargo xtask check unary.1`.\n\
            \nuse a::Thing;\n\nconst A: u8 = 1;\n\nkit::gap! {\n    \"Return `\\\"it\\\"`.\";\n    use Thing;\n    async fn one(client, file);\n    A\n}\n";
        let starter = starter(&exercise(solution));
        assert!(starter.ends_with(expected), "{starter}");
    }

    #[test]
    fn a_method_becomes_a_call_that_names_it() {
        let solution = "//! Why.\n\n// imports\nuse a::B;\n// end of imports\n\nimpl A for Edge {\n    // gap\n    // uses: ; async fn classify(&self, request)\n    async fn classify(&self) {}\n    // end of gap\n}\n";
        let expected = "//! Write the imports, write the method in the place of the gap, save, and run `cargo xtask check unary.1`.\n\
            \n// Your imports go here.\n\nimpl A for Edge {\n    kit::gap! {\n        \"Return `\\\"it\\\"`.\";\n        async fn classify(&self, request)\n    }\n}\n";
        let starter = starter(&exercise(solution));
        assert!(starter.ends_with(expected), "{starter}");
    }

    #[test]
    fn starter_lacks_the_imports_that_a_learner_writes() {
        let solution = "//! Why.\n\nuse a::Thing;\n\n// imports\nuse b::Mine;\n// end of imports\n\nfn one(a: Thing) {\n    // gap\n    // uses: ; a\n    Mine(a);\n    // end of gap\n}\n";
        let starter = starter(&exercise(solution));
        let expected =
            "\nuse a::Thing;\n\n// Your imports go here.\n\nfn one(a: Thing) {\n    kit::gap!(\n";
        assert!(starter.contains(expected), "{starter}");
        assert!(!starter.contains("Mine"), "{starter}");
        let command =
            "//! Write the imports, fill the gap, save, and run `cargo xtask check unary.1`.\n";
        assert!(starter.contains(command), "{starter}");
    }

    #[test]
    fn long_task_is_wrapped() {
        let task = "word ".repeat(40);
        let text = literal(task.trim(), "    ");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        let lines = text.trim_matches('"').lines();
        let joined: String = lines
            .map(|line| line.trim_start().trim_end_matches('\\'))
            .collect();
        assert_eq!(joined, task.trim());
    }
}
