//! `cargo xtask proto`.

use anyhow::Result;
use clap::{ArgMatches, Command};

use crate::heavy;

pub(crate) fn command() -> Command {
    let about = "Write the Rust code of the contracts, or check that it is in step";
    heavy::checked_command("proto", about).hide(true)
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    heavy::run_checked("proto-codegen", "proto-codegen", matches)
}
