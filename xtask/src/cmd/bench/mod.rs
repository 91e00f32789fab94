//! `cargo xtask bench`: the budgets of the course, measured on this machine.
//!
//! A budget is a ratio or a difference between two things measured in turn in one run, so that it means the same on a
//! fast machine and on a slow one. None of them is a test: on a busy machine a figure proves nothing.

mod figures;
mod first;
mod save_to_verdict;

use anyhow::{Result, bail};

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

pub(super) const BENCH: Subcommand = Subcommand {
    name: "bench",
    about: "Measure a budget of the course on this machine",
    details: "  loop     From saving a file to the verdict, against a bare `cargo build` of the lesson: at most 150 ms more.\n  \
              first    From a fresh clone to the first verdict, against a cold build of that lesson's program: at most 1.3\n\
              \x20          times, and no more with five lessons more. A round takes some minutes.\n  \
              upload   The reference server's memory for an upload of 1 MB and for one of 50 MB: the same within 8 MB.\n\n  \
              --rounds ROUNDS   How often both are measured: 7 times for loop, once for first, if not given.",
    examples: &["bench loop", "bench first --rounds 3"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["BUDGET"],
        flags: &[],
        options: &["rounds"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let rounds = given.number("rounds", 1)?.map(|rounds| rounds as usize);
    let within = match given.value(0)?.unwrap_or_default() {
        "loop" => save_to_verdict::run(rounds.unwrap_or(7))?,
        "first" => first::run(rounds.unwrap_or(1))?,
        "upload" => return heavy::run("upload-memory", "upload-memory", Place::Heavy, &[]),
        name => bail!("there is no budget {name:?}; there are loop, first and upload"),
    };
    Ok(if within { exit::PASSED } else { exit::FAILED })
}
