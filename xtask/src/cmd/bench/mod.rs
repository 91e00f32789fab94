//! `cargo xtask bench`: the budgets of the course, measured on this machine.
//!
//! A budget is a ratio or a difference between two things measured in turn in one run, so that it means the same on a
//! fast machine and on a slow one. None of them is a test: on a busy machine a figure proves nothing.

mod first;
mod save_to_verdict;

use std::time::Duration;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command, arg, value_parser};

use crate::exit;
use crate::heavy::{self, Place};

pub(crate) fn command() -> Command {
    let rounds = |count: &'static str| {
        arg!(--rounds <N> "How often both are measured")
            .default_value(count)
            .value_parser(value_parser!(usize))
    };
    Command::new("bench")
        .about("Measure a budget of the course on this machine")
        .after_help("Example: cargo xtask bench loop")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("loop")
                .about("From saving a file to the verdict, against a bare `cargo build` of the lesson: at most 150 ms more")
                .arg(rounds("7")),
        )
        .subcommand(
            Command::new("first")
                .about("From a fresh clone to the first verdict, against a cold build of that lesson's program: at most 1.3 times, and no more with five more lessons. A round takes some minutes")
                .arg(rounds("1")),
        )
        .subcommand(Command::new("upload").about(
            "The reference server's memory for an upload of 1 MB and for one of 50 MB: the same within 8 MB",
        ))
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let (name, matches) = matches
        .subcommand()
        .context("bench needs a name; `cargo xtask bench --help` lists them")?;
    let rounds = || matches.get_one("rounds").copied().unwrap_or(1).max(1);
    let within = match name {
        "loop" => save_to_verdict::run(rounds())?,
        "first" => first::run(rounds())?,
        _ => return heavy::run("upload-memory", "upload-memory", Place::Heavy, &[]),
    };
    Ok(if within { exit::PASSED } else { exit::FAILED })
}

/// The middle value. Of an even count, the lower of the two in the middle.
fn median<T: Copy + PartialOrd>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    sorted[(sorted.len() - 1) / 2]
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

fn verdict(within: bool) -> &'static str {
    if within {
        "within budget"
    } else {
        "OVER BUDGET"
    }
}
