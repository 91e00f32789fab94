//! `cargo xtask book`.

use anyhow::Result;
use build::{target_dir, workspace_root};

use crate::arguments::{Given, Syntax};
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

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
    let out = target_dir(&workspace_root())?.join("book");
    let mut arguments = vec!["--out".into(), out.into_os_string()];
    if given.has("check") {
        arguments.push("--check".into());
    }
    heavy::run("book", "book", Place::Heavy, &arguments)
}
