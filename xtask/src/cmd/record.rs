//! `cargo xtask record`.

use anyhow::{Context, Result};
use build::{Source, workspace_root};
use catalogue::Course;
use clap::{ArgMatches, Command, arg};

use crate::checkers::Checkers;
use crate::exit;

pub(crate) fn command() -> Command {
    Command::new("record")
        .hide(true)
        .about("Write what the solution of an exercise puts on the wire as its expected transcript")
        .long_about(
            "Write what the solution of an exercise puts on the wire, on the published seed, as its expected transcript: \
             `expected.snap` in its folder. Read every line of it before you commit it.",
        )
        .after_help("Example: cargo xtask record unary.4")
        .arg(arg!(<exercise> "The exercise, for example unary.4"))
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let id: &String = matches.get_one("exercise").context("an exercise")?;
    let (lesson, exercise) = course
        .find(id)
        .with_context(|| format!("there is no exercise {id}; `cargo xtask list` lists them"))?;
    let mut checkers = Checkers::new(&course)?;
    checkers.prepare(&[lesson], Source::Solutions)?;
    let file = checkers.record(lesson, exercise)?;
    let shown = file.strip_prefix(&course.root).unwrap_or(&file).display();
    eprintln!("wrote {shown}: read every line of it before you commit it");
    Ok(exit::PASSED)
}
