//! `cargo xtask mutants`.

use anyhow::Result;

use crate::arguments::{Given, Syntax};
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

pub(super) const MUTANTS: Subcommand = Subcommand {
    name: "mutants",
    about: "Make one slip after the other in the solutions, and fail where a check lets one pass that is not listed",
    details: "  EXERCISE   Exercises, for example unary.4. Without one: all.\n  \
              --json     For programs: the counts, and what came of each.\n\n\
              For each exercise: how many were made, did not build, did not pass, got a diagnosis, did not pass only on a seed\n\
              that learners' checks do not use, and passed. One that is as right as the solution is listed, with the reason, in\n\
              `survivors.txt` in the exercise's folder. The others show a hole in its scenario.",
    examples: &["mutants", "mutants unary.3 unary.4"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &["[EXERCISE...]"],
        flags: &["json"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let mut arguments = given.values().to_vec();
    if given.has("json") {
        arguments.push("--json".into());
    }
    heavy::run("mutants", "mutants", Place::Light, &arguments)
}
