//! `cargo xtask train`.

use anyhow::Result;
use clap::{ArgMatches, Command};

use crate::heavy;

pub(crate) fn command() -> Command {
    let about =
        "Train the model on the generated corpus, or check that the committed one is what it gives";
    heavy::checked_command("train", about).hide(true)
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    heavy::run_checked("classifier", "train", matches)
}
