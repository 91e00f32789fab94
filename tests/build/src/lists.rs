//! The files of a lesson that are nothing but lists of its exercises.
//!
//! They are written in a form that rustfmt does not change: what it would arrange by width is in a macro with braces.

use std::fmt::Write as _;

use catalogue::{Exercise, Lesson};

/// Where the modules of a list lie.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where the compiler looks for them: in a learner's lesson.
    Beside,
    /// In the exercises' folders, one folder further up.
    Folders,
}

/// `src/main.rs` of a learner's lesson.
pub(crate) fn lesson_main(lesson: &Lesson) -> String {
    let header = format!(
        "//! Lesson {}, {}: {}.\n\
         //!\n\
         {}\
         //!\n\
         //! Provided by the course: do not edit. Each exercise has a file of its own, `ex1_...` to `ex{}_...`, and `run.rs` with\n\
         //! its folder shows how the course calls it.\n\n",
        lesson.number,
        lesson.name,
        lesson.title,
        comment(&lesson.about),
        lesson.exercises.len()
    );
    header + &main(lesson, Place::Beside)
}

/// `src/run.rs` of a learner's lesson.
pub(crate) fn lesson_run(lesson: &Lesson) -> String {
    run(lesson, Place::Beside)
}

/// `src/main.rs` of a solved lesson.
pub fn solution_main(lesson: &Lesson) -> String {
    let header = format!(
        "//! Lesson {}, solved. Written by `cargo xtask sync`: do not edit.\n\n",
        lesson.name
    );
    header + &main(lesson, Place::Folders)
}

/// `src/run.rs` of a solved lesson.
pub fn solution_run(lesson: &Lesson) -> String {
    run(lesson, Place::Folders)
}

/// `src/variants.rs` of a solved lesson: its other programs.
pub fn solution_variants(lesson: &Lesson) -> String {
    let mut out = "\
        //! Other programs for the exercises of this lesson, chosen by name. Written by `cargo xtask sync`: do not edit.\n\
        //!\n\
        //! `right-...`: as right as the solution, and written differently. `mutant-...`: what no check may let pass. All others\n\
        //! are known mistakes, each written in two ways: the name is that of the diagnosis that it must get, and a number.\n\n"
        .to_owned();
    let variants = |exercise: &Exercise| format!("../{}/variants.rs", exercise.folder());
    modules(&mut out, lesson, Place::Folders, &variants);
    out.push_str("\nkit::all_variants! {\n");
    for exercise in &lesson.exercises {
        let _ = writeln!(out, "    \"{}\": {};", exercise.id, exercise.module());
    }
    out + "}\n"
}

/// `src/lib.rs` of a lesson's checker.
pub fn check_lib(lesson: &Lesson) -> String {
    let mut out = format!(
        "//! How the exercises of lesson {} are checked. Written by `cargo xtask sync`: do not edit.\n\n",
        lesson.name
    );
    let common = lesson.path.join("check/common.rs").exists();
    let mut modules: Vec<_> = lesson
        .exercises
        .iter()
        .map(|exercise| {
            (
                module(exercise),
                format!("../../{}/check.rs", exercise.folder()),
            )
        })
        .collect();
    if common {
        modules.push(("common".to_owned(), "../common.rs".to_owned()));
    }
    modules.sort_by_key(|(module, _)| in_order(module));
    for (module, path) in modules {
        let _ = writeln!(out, "#[path = \"{path}\"]\nmod {module};");
    }
    let _ = write!(
        out,
        "\n/// The lesson.\n\
         pub static LESSON: checks::Lesson = checks::Lesson {{\n    name: \"{}\",\n    folder: \"{}\",\n    exercises: &[\n",
        lesson.name, lesson.folder
    );
    for exercise in &lesson.exercises {
        let module = module(exercise);
        let _ = write!(
            out,
            "        checks::Exercise {{\n            id: \"{}\",\n            folder: \"{}\",\n            \
             scenario: &{module}::{},\n            diagnoses: {module}::DIAGNOSES,\n        }},\n",
            exercise.id,
            exercise.folder(),
            camel_case(&exercise.slug)
        );
    }
    out + "    ],\n};\n"
}

/// `src/main.rs` of a lesson's checker.
pub fn check_main(lesson: &Lesson) -> String {
    format!(
        "//! The checker of lesson {}. Written by `cargo xtask sync`: do not edit.\n\n\
         fn main() -> std::process::ExitCode {{\n    checks::main(&{}::LESSON)\n}}\n",
        lesson.name,
        lesson.check_crate()
    )
}

fn main(lesson: &Lesson, place: Place) -> String {
    let mut out = String::new();
    let solution = |exercise: &Exercise| format!("../{}/solution.rs", exercise.folder());
    modules(&mut out, lesson, place, &solution);
    out.push_str("\nkit::exercises! {\n");
    for exercise in &lesson.exercises {
        let _ = writeln!(
            out,
            "    \"{}\": run::{}({});",
            exercise.id,
            module(exercise),
            entry(exercise, &exercise.module())
        );
    }
    out + "}\n"
}

/// What the course calls of an exercise whose code is in this module.
pub(crate) fn entry(exercise: &Exercise, module: &str) -> String {
    let mut characters = exercise.entry.chars();
    let plain = characters.all(|character| character.is_alphanumeric() || character == '_');
    match plain {
        true => format!("{module}::{}", exercise.entry),
        false => exercise.entry.replace("exercise::", &format!("{module}::")),
    }
}

/// The modules of a program: what several exercises are given, the exercises, and `run`.
fn modules(out: &mut String, lesson: &Lesson, place: Place, path: &dyn Fn(&Exercise) -> String) {
    let mut modules: Vec<_> = lesson
        .given
        .iter()
        .map(|given| (given.clone(), format!("../given/{given}.rs")))
        .collect();
    let exercises = lesson.exercises.iter();
    modules.extend(exercises.map(|exercise| (exercise.module(), path(exercise))));
    modules.push(("run".to_owned(), String::new()));
    modules.sort_by_key(|(module, _)| in_order(module));
    for (module, path) in modules {
        if place == Place::Folders && !path.is_empty() {
            let _ = writeln!(out, "#[path = \"{path}\"]");
        }
        let _ = writeln!(out, "mod {module};");
    }
}

fn run(lesson: &Lesson, place: Place) -> String {
    let mut out = "\
        //! How the course calls each exercise, and what it gives it. Provided by the course: do not edit.\n\n\
        #![allow(\n    dead_code,\n    unused_imports,\n    \
        reason = \"a starter uses some of what is given only once its gap is filled\"\n)]\n\n"
        .to_owned();
    let mut exercises: Vec<_> = lesson.exercises.iter().collect();
    exercises.sort_by_key(|exercise| module(exercise));
    for exercise in &exercises {
        if place == Place::Folders {
            let _ = writeln!(out, "#[path = \"../{}/given.rs\"]", exercise.folder());
        }
        let _ = writeln!(out, "mod {};", module(exercise));
    }
    out.push('\n');
    for given in &lesson.given {
        let _ = writeln!(out, "pub use crate::{given}::*;");
    }
    if !lesson.given.is_empty() {
        out.push('\n');
    }
    for exercise in exercises {
        let _ = writeln!(out, "pub use {}::*;", module(exercise));
    }
    out
}

/// A text as the lines of a module's comment.
fn comment(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| format!("//! {line}").trim_end().to_owned() + "\n");
    lines.collect()
}

/// The order in which rustfmt puts modules: `ex2_b` before `ex10_a`.
fn in_order(name: &str) -> (String, u32, String) {
    let digit = |character: char| character.is_ascii_digit();
    let start = name.find(digit).unwrap_or(name.len());
    let (before, rest) = name.split_at(start);
    let end = rest
        .find(|character| !digit(character))
        .unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    (
        before.to_owned(),
        number.parse().unwrap_or(0),
        after.to_owned(),
    )
}

/// The module of an exercise without its number, as its given part and its check are named: `at_once`.
pub(crate) fn module(exercise: &Exercise) -> String {
    exercise.slug.replace('-', "_")
}

/// `at-once` as the name of a type: `AtOnce`.
fn camel_case(slug: &str) -> String {
    let capitalised = |part: &str| {
        let mut characters = part.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    };
    slug.split('-').map(capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_stand_in_the_order_of_rustfmt() {
        let mut names = ["run", "ex10_a", "ex2_b", "edge", "answers", "ex1_c"];
        names.sort_by_key(|name| in_order(name));
        assert_eq!(
            names,
            ["answers", "edge", "ex1_c", "ex2_b", "ex10_a", "run"]
        );
    }

    #[test]
    fn types_are_in_camel_case() {
        assert_eq!(camel_case("at-once"), "AtOnce");
        assert_eq!(camel_case("edge"), "Edge");
    }
}
