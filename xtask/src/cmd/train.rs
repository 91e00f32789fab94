//! `cargo xtask train`.

use anyhow::Result;

use crate::arguments::{Given, Syntax};
use crate::heavy;
use crate::subcommand::{Audience, Subcommand};

pub(super) const TRAIN: Subcommand = Subcommand {
    name: "train",
    about: "Train the model on the generated corpus, or check that the committed one is what it gives",
    details: "  --check   Write nothing that is committed; fail if something is out of step or broken.",
    examples: &["train --check"],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &[],
        flags: &["check"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    heavy::run_checked("classifier", "train", given)
}
