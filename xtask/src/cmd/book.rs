//! `cargo xtask book`.

use anyhow::Result;
use clap::{ArgMatches, Command, arg};

use super::other;

pub(crate) struct Arguments {
    check: bool,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            check: matches.get_flag("check"),
        }
    }
}

pub(crate) fn command() -> Command {
    Command::new("book")
        .about("Build the book into target/book, or build and check it.")
        .after_help("Example: cargo xtask book --check")
        .arg(arg!(--check "Write nothing that is committed; fail if something is out of step or broken"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let arguments: &[&str] = if arguments.check { &["--check"] } else { &[] };
    other::run("book", "book", arguments)
}
