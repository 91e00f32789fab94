//! `cargo xtask stress`.

use anyhow::Result;
use clap::{ArgMatches, Command, arg, value_parser};

use crate::heavy::{self, Place};

pub(crate) fn command() -> Command {
    Command::new("stress")
        .hide(true)
        .about("Run all checks again and again on a busy machine, and fail if a verdict or a transcript changes")
        .long_about(
            "Run all checks again and again on a busy machine, and fail if a verdict or a transcript changes.\n\n\
             All checks: the solutions, the starters, and all variants (right programs, known mistakes, mutants). All \
             cores are kept busy meanwhile.",
        )
        .after_help("Example: cargo xtask stress --runs 3")
        .arg(
            arg!(--runs <N> "How often; later runs are compared with the first")
                .default_value("20")
                .value_parser(value_parser!(u32).range(2..)),
        )
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let runs: u32 = matches.get_one("runs").copied().unwrap_or(20);
    heavy::run("course", "stress", Place::Light, &[runs.to_string()])
}
