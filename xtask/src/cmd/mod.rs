//! The subcommands.
//!
//! Each is a file with a `command()`, which says how it is called, and a `run`, which does it. They are put together with
//! clap's builder and not with its derive, for which a learner's first build would have to wait a second longer.

mod bench;
mod book;
mod check;
mod grade;
mod hint;
mod list;
mod other;
mod proto;
mod start;
mod steady;
mod stubs;
mod train;

use anyhow::{Result, bail};
use clap::{ArgMatches, Command};

/// All of them, in the order in which people meet them.
pub(crate) fn commands() -> [Command; 11] {
    [
        start::command(),
        check::command(),
        list::command(),
        hint::command(),
        grade::command(),
        bench::command(),
        book::command(),
        proto::command(),
        stubs::command(),
        train::command(),
        steady::command(),
    ]
}

/// Runs the subcommand that was asked for and returns the exit code. Without one: where you are, as `start` shows it.
pub(crate) async fn run(matches: &ArgMatches) -> Result<u8> {
    let Some((name, matches)) = matches.subcommand() else {
        return start::run(false).await;
    };
    match name {
        "start" => start::run(matches.get_flag("full")).await,
        "check" => check::run(&check::Arguments::read(matches)).await,
        "list" => list::run(&list::Arguments::read(matches)),
        "hint" => hint::run(&hint::Arguments::read(matches)),
        "grade" => grade::run(&grade::Arguments::read(matches)),
        "book" => book::run(&book::Arguments::read(matches)),
        "proto" => proto::run(&proto::Arguments::read(matches)),
        "stubs" => stubs::run(&stubs::Arguments::read(matches)),
        "steady" => steady::run(&steady::Arguments::read(matches)),
        "train" => train::run(&train::Arguments::read(matches)),
        "bench" => match bench::Arguments::read(matches) {
            Some(arguments) => bench::run(&arguments).await,
            None => bail!("bench needs a name; `cargo xtask bench --help` lists them"),
        },
        name => bail!("{name} is listed and not there, which is the tool's fault"),
    }
}
