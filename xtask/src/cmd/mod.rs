//! The subcommands.
//!
//! Each is a file with a `command()`, which says how it is called, and a `run`, which does it. They are put together
//! with clap's builder and not with its derive, for which a learner's first build would have to wait a second longer.

mod bench;
mod book;
mod check;
mod grade;
mod hint;
mod list;
mod new;
mod proto;
mod record;
mod serve;
mod start;
mod stress;
mod sync;
mod train;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command};

/// A subcommand.
pub(crate) struct Subcommand {
    /// How it is called.
    pub(crate) command: fn() -> Command,
    /// Does it, and returns the exit code.
    run: fn(&ArgMatches) -> Result<u8>,
}

macro_rules! subcommands {
    ($($name:ident),+ $(,)?) => {
        &[$(Subcommand { command: $name::command, run: $name::run }),+]
    };
}

/// All of them, in the order in which people meet them: learners, instructors, whoever writes the course.
pub(crate) const SUBCOMMANDS: &[Subcommand] = subcommands![
    start, check, list, hint, book, serve, bench, grade, new, sync, record, stress, proto, train,
];

/// Runs the subcommand that was asked for and returns the exit code. Without one: where you are, as `start` shows it.
pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    let Some((name, matches)) = matches.subcommand() else {
        return start::show(false);
    };
    let mut subcommands = SUBCOMMANDS.iter();
    let subcommand = subcommands.find(|it| (it.command)().get_name() == name);
    let subcommand = subcommand.with_context(|| format!("{name} has no code"))?;
    (subcommand.run)(matches)
}
