//! `cargo xtask proto`.

use anyhow::Result;

use crate::arguments::{Given, Syntax};
use crate::heavy;
use crate::subcommand::{Audience, Subcommand};

pub(super) const PROTO: Subcommand = Subcommand {
    name: "proto",
    about: "Write the Rust code of the contracts, or check that it is in step",
    details: "  --check   Write nothing that is committed; fail if something is out of step or broken.",
    examples: &["proto", "proto --check"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &[],
        flags: &["check"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    heavy::run_checked("proto-codegen", "proto-codegen", given)
}
