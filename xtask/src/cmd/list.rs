//! `cargo xtask list`.

use anyhow::Result;
use checks::{Exercise, LESSONS, Lesson, Source};
use clap::{ArgMatches, Command, arg};
use serde_json::json;

use crate::exit;
use crate::passed;
use crate::style::{DIM, STRONG, paint};

pub(crate) struct Arguments {
    json: bool,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            json: matches.get_flag("json"),
        }
    }
}

pub(crate) fn command() -> Command {
    Command::new("list")
        .about("List the exercises: minutes, points, the file to edit, and how far you are")
        .after_help("Example: cargo xtask list --json")
        .arg(arg!(--json "For programs"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let all = LESSONS
        .iter()
        .flat_map(|lesson| lesson.exercises.iter().map(move |own| (lesson, own)));
    if arguments.json {
        let all: Vec<_> = all
            .map(|(lesson, exercise)| {
                json!({
                    "exercise": exercise.id,
                    "title": exercise.title,
                    "file": Source::Lessons.file(lesson, exercise),
                    "minutes": exercise.minutes,
                    "points": exercise.points,
                    "begun": begun(lesson, exercise),
                    "passed": passed::has(lesson, exercise),
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(exit::PASSED);
    }
    for (lesson, exercise) in all {
        let state = match () {
            () if passed::has(lesson, exercise) => "passed",
            () if begun(lesson, exercise) => "begun",
            () => "",
        };
        let unit = if exercise.points == 1 {
            "point"
        } else {
            "points"
        };
        println!(
            "{}  {state:6}  {:>2} min  {} {unit:6}  {}",
            paint(&STRONG, &format!("{:11}", exercise.id)),
            exercise.minutes,
            exercise.points,
            exercise.title
        );
        let file = format!("{:11}  {}", "", Source::Lessons.file(lesson, exercise));
        println!("{}", paint(&DIM, &file));
    }
    println!("\nNext: `cargo xtask start` shows the first that does not pass.");
    Ok(exit::PASSED)
}

/// Whether the gap is gone. Whether what is there instead is right, only a check can tell.
fn begun(lesson: &Lesson, exercise: &Exercise) -> bool {
    let path = checks::workspace_root().join(Source::Lessons.file(lesson, exercise));
    std::fs::read_to_string(path).is_ok_and(|text| !text.contains("kit::gap!("))
}
