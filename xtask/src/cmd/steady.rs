//! `cargo xtask steady`.

use anyhow::Result;
use clap::{ArgMatches, Command, arg, value_parser};

use super::other;

pub(crate) struct Arguments {
    runs: u32,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        let runs = matches.get_one("runs").copied();
        Self {
            runs: runs.unwrap_or(20),
        }
    }
}

pub(crate) fn command() -> Command {
    Command::new("steady")
        .about("Run all checks again and again on a busy machine, and fail if a verdict or a transcript changes")
        .long_about(
            "Run all checks again and again on a busy machine, and fail if a verdict or a transcript changes.\n\n\
             All checks: the solutions, the starters, and all variants (right programs, usual mistakes, mutants). All \
             cores are kept busy meanwhile.",
        )
        .after_help("Example: cargo xtask steady --runs 3")
        .arg(
            arg!(--runs <N> "How often; later runs are held against the first")
                .default_value("20")
                .value_parser(value_parser!(u32).range(2..)),
        )
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    other::run_checks_example("steady", &[&arguments.runs.to_string()])
}
