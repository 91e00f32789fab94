//! `cargo xtask book`.

use anyhow::Result;
use clap::{ArgMatches, Command};

use crate::heavy;

pub(crate) fn command() -> Command {
    heavy::checked_command(
        "book",
        "Build the book into target/book, or build and check it",
    )
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    heavy::run_checked("book", "book", matches)
}
