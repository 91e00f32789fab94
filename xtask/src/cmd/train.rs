//! `cargo xtask train`.

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
    Command::new("train")
        .about("Train the model on the generated corpus, or check that the committed model is what training gives.")
        .after_help("Example: cargo xtask train --check")
        .arg(arg!(--check "Write nothing that is committed; fail if something is out of step or broken"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let arguments: &[&str] = if arguments.check { &["--check"] } else { &[] };
    other::run("classifier", "train", arguments)
}
