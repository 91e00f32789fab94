//! `cargo xtask stress`.

use anyhow::Result;

use crate::arguments::{Given, Syntax};
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

/// How often all checks run, where nothing else is said.
const DEFAULT_RUNS: u64 = 20;

pub(super) const STRESS: Subcommand = Subcommand {
    name: "stress",
    about: "Run all checks again and again on a busy machine, and fail if a verdict or a transcript changes",
    details: "  --runs RUNS   How often: 2 or more, 20 if not given. Later runs are compared with the first.\n\n\
              All checks: the solutions, the starters, and all variants (right programs, known mistakes, mutants). All cores\n\
              are kept busy meanwhile.",
    examples: &["stress", "stress --runs 3"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &[],
        flags: &[],
        options: &["runs"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let runs = given.number("runs", 2)?.unwrap_or(DEFAULT_RUNS);
    heavy::run("course", "stress", Place::Light, &[runs.to_string().into()])
}
