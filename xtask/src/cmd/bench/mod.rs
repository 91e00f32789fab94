//! `cargo xtask bench`: the budgets of the course, measured on this machine.
//!
//! A budget is a ratio or a difference between two things measured in turn in one run, so that it means the same on a
//! fast machine and on a slow one. None of them is a test: on a machine that is busy, a figure is only a figure.

mod first;
mod save_to_verdict;

use std::time::Duration;

use anyhow::Result;
use clap::Subcommand;

use crate::exit;

/// Measure a budget of the course on this machine.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask bench loop")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    name: Name,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// From saving a file to the verdict, against a bare `cargo build` of the lesson: at most 150 ms more.
    Loop {
        /// How often both are measured.
        #[arg(long, default_value_t = 7)]
        rounds: usize,
    },
    /// From a fresh clone to the first verdict, against a cold build of that lesson's program: at most 1.3 times.
    First {
        /// How often both are measured. One takes a minute or two.
        #[arg(long, default_value_t = 1)]
        rounds: usize,
    },
}

pub(crate) async fn run(arguments: &Arguments) -> Result<u8> {
    let within = match arguments.name {
        Name::Loop { rounds } => save_to_verdict::run(rounds.max(1)).await?,
        Name::First { rounds } => first::run(rounds.max(1))?,
    };
    Ok(if within { exit::PASSED } else { exit::FAILED })
}

/// The middle one. Of an even count, the lower of the two in the middle.
fn median<T: Copy + PartialOrd>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    sorted[(sorted.len() - 1) / 2]
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

fn word(within: bool) -> &'static str {
    if within {
        "within budget"
    } else {
        "OVER BUDGET"
    }
}
