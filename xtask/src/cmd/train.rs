//! `cargo xtask train`.

use anyhow::Result;

use super::other;

/// Train the model on the generated corpus, or check that the committed model is what training gives.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask train --check")]
pub(crate) struct Arguments {
    /// Write nothing that is committed; fail if something is out of step or broken.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let arguments: &[&str] = if arguments.check { &["--check"] } else { &[] };
    other::run("classifier", "train", arguments)
}
