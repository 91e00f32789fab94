//! `cargo xtask record`.

use anyhow::{Context, Result};
use build::{Source, workspace_root};
use catalogue::Course;

use crate::arguments::{Given, Syntax};
use crate::checkers::Checkers;
use crate::exit;
use crate::subcommand::{Audience, Subcommand};

pub(super) const RECORD: Subcommand = Subcommand {
    name: "record",
    about: "Write what the solution of an exercise puts on the wire as its expected transcript",
    details: "  EXERCISE   The exercise, for example unary.4.\n\n\
              It is run on the published seed, and written to `expected.snap` in its folder. Read every line of it before you\n\
              commit it.",
    examples: &["record unary.4"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &["EXERCISE"],
        flags: &[],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let id = given.value(0)?.context("an exercise")?;
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
