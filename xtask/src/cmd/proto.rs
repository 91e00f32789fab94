//! `cargo xtask proto`.

use anyhow::Result;

use super::other;

/// Write the Rust code of the contracts, or check that it is in step.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask proto --check")]
pub(crate) struct Arguments {
    /// Write nothing that is committed; fail if something is out of step or broken.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let arguments: &[&str] = if arguments.check { &["--check"] } else { &[] };
    other::run("proto-codegen", "proto-codegen", arguments)
}
