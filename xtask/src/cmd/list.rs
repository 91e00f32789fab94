//! `cargo xtask list`.

use anyhow::Result;
use build::workspace_root;
use catalogue::{Course, Exercise, Lesson};
use serde_json::json;

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::passed::Passed;
use crate::style::{DIM, STRONG, paint};
use crate::subcommand::{Audience, Subcommand};
use crate::terminal::{behind, say};

pub(super) const LIST: Subcommand = Subcommand {
    name: "list",
    about: "List the exercises: minutes, points, the file to edit, and how far you are",
    details: "  --json   For programs.",
    examples: &["list", "list --json"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &[],
        flags: &["json"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let passed = Passed::of(&course);
    if given.has("json") {
        let exercise = |(lesson, exercise): (&Lesson, &Exercise)| {
            json!({
                "exercise": exercise.id,
                "title": exercise.title,
                "file": lesson.lesson_file(exercise),
                "minutes": exercise.minutes,
                "points": exercise.points,
                "begun": build::begun(&course, lesson, exercise).unwrap_or(false),
                "passed": passed.has(exercise),
                "changed": passed.has_changed(lesson, exercise),
            })
        };
        let all: Vec<_> = course.exercises().map(exercise).collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(exit::PASSED);
    }
    let state = |lesson: &Lesson, exercise: &Exercise| match () {
        () if passed.has_changed(lesson, exercise) => "passed, changed since",
        () if passed.has(exercise) => "passed",
        () if build::begun(&course, lesson, exercise).unwrap_or(false) => "begun",
        () => "",
    };
    let states = course
        .exercises()
        .map(|(lesson, exercise)| state(lesson, exercise));
    let states: Vec<_> = states.collect();
    let columns = states.iter().map(|state| state.len()).max();
    let columns = columns.unwrap_or_default().max("passed".len());
    for ((lesson, exercise), state) in course.exercises().zip(states) {
        let unit = if exercise.points == 1 {
            "point"
        } else {
            "points"
        };
        let label = format!(
            "{:11}  {state:columns$}  {:>2} min  {} {unit:6}  ",
            exercise.id, exercise.minutes, exercise.points
        );
        for (index, line) in behind(&label, &exercise.title).iter().enumerate() {
            // Only the id stands out.
            match line.strip_prefix(&exercise.id).filter(|_| index == 0) {
                Some(rest) => println!("{}{rest}", paint(&STRONG, &exercise.id)),
                None => println!("{line}"),
            }
        }
        let file = lesson.lesson_file(exercise);
        for line in behind(&format!("{:11}  ", ""), &file) {
            println!("{}", paint(&DIM, &line));
        }
    }
    println!();
    say("Next: `cargo xtask start` shows the first that has not passed.");
    Ok(exit::PASSED)
}
