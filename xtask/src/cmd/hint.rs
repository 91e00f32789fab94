//! `cargo xtask hint`.

use anyhow::{Result, anyhow};
use build::workspace_root;
use catalogue::{Course, plain};
use screen::paragraphs;

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::passed::Passed;
use crate::subcommand::{Audience, Subcommand};
use crate::terminal::{print_lines, view};

pub(super) const HINT: Subcommand = Subcommand {
    name: "hint",
    about: "Show the hints of an exercise, one more at a time: a nudge, the API's name, almost the code",
    details: "  EXERCISE      The exercise, for example unary.2. Without it: the first that has not passed.\n  \
              --step STEP   How far to go, 1 to 3; without it, 1.",
    examples: &["hint", "hint unary.2", "hint unary.2 --step 2"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["[EXERCISE]"],
        flags: &[],
        options: &["step"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let name = given.value(0)?;
    let step = given.number("step", 1)?.unwrap_or(1) as usize;
    let course = Course::read(&workspace_root())?;
    let passed = Passed::of(&course);
    let current = || {
        let mut exercises = course.exercises();
        let next = exercises.find(|(_, exercise)| !passed.has(exercise));
        next.map(|(_, exercise)| exercise.id.clone())
    };
    let Some(name) = name.map(str::to_owned).or_else(current) else {
        println!("All exercises have passed. A hint of one of them: `cargo xtask hint EXERCISE`");
        return Ok(exit::PASSED);
    };
    for (_, exercise) in course.select(Some(&name)).map_err(|error| anyhow!(error))? {
        println!("{}: {}", exercise.id, exercise.title);
        for (index, hint) in exercise.hints.iter().take(step).enumerate() {
            println!();
            let label = format!("{}. ", index + 1);
            print_lines(&paragraphs(&label, &plain(hint), &view(false)));
        }
        if step < 3 {
            println!(
                "\nMore: `cargo xtask hint {} --step {}`",
                exercise.id,
                step + 1
            );
        }
    }
    Ok(exit::PASSED)
}
