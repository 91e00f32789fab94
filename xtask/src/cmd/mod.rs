//! The subcommands.

mod bench;
mod book;
mod check;
mod grade;
mod hint;
mod list;
mod other;
mod proto;
mod start;
mod stubs;
mod train;

use anyhow::Result;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Start(start::Arguments),
    Check(check::Arguments),
    List(list::Arguments),
    Hint(hint::Arguments),
    Grade(grade::Arguments),
    Bench(bench::Arguments),
    Book(book::Arguments),
    Proto(proto::Arguments),
    Stubs(stubs::Arguments),
    Train(train::Arguments),
}

/// Runs a subcommand and returns the exit code. Without one: where you are, as `start` shows it.
pub(crate) async fn run(command: Option<Command>) -> Result<u8> {
    match command {
        None => start::run(&start::Arguments::default()).await,
        Some(Command::Start(arguments)) => start::run(&arguments).await,
        Some(Command::Check(arguments)) => check::run(&arguments).await,
        Some(Command::List(arguments)) => list::run(&arguments),
        Some(Command::Hint(arguments)) => hint::run(&arguments),
        Some(Command::Grade(arguments)) => grade::run(&arguments),
        Some(Command::Bench(arguments)) => bench::run(&arguments).await,
        Some(Command::Book(arguments)) => book::run(&arguments),
        Some(Command::Proto(arguments)) => proto::run(&arguments),
        Some(Command::Stubs(arguments)) => stubs::run(&arguments),
        Some(Command::Train(arguments)) => train::run(&arguments),
    }
}
