//! `cargo xtask book`.

use anyhow::Result;

use super::{Audience, Subcommand};
use crate::arguments::{Given, Syntax};
use crate::heavy;

pub(super) const BOOK: Subcommand = Subcommand {
    name: "book",
    about: "Build the book into target/book, or build and check it",
    details: "  --check   Write nothing that is committed; fail if something is out of step or broken.",
    examples: &["book", "book --check"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &[],
        flags: &["check"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    heavy::run_checked("book", "book", given)
}
