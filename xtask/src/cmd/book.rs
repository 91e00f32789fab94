//! `cargo xtask book`.

use anyhow::Result;

use super::other;

/// Build the book into target/book, or build and check it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask book --check")]
pub(crate) struct Arguments {
    /// Write nothing that is committed; fail if something is out of step or broken.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let arguments: &[&str] = if arguments.check { &["--check"] } else { &[] };
    other::run("book", "book", arguments)
}
