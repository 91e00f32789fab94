//! `cargo xtask start`.

use anyhow::Result;
use build::workspace_root;

use super::check;
use crate::arguments::{Given, Syntax};
use crate::doctor;
use crate::exit;
use crate::subcommand::{Audience, Subcommand};

pub(super) const START: Subcommand = Subcommand {
    name: "start",
    about: "The place to begin: looks at the machine, builds, and shows the first exercise that does not pass",
    details: "  --full   Show whole transcripts, not only the rows around the first difference.",
    examples: &["start"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &[],
        flags: &["full"],
        options: &[],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    show(given.has("full"))
}

/// Shows where a learner is. `full`: whole transcripts.
pub(crate) fn show(full: bool) -> Result<u8> {
    doctor::look(&workspace_root())?;
    println!("Wirebook: every exercise is a small program, judged by what it puts on the wire.\n");
    match check::check(&check::Options::all(full))? {
        // An unfinished exercise is not a failure of `start`: it has shown what to do next.
        exit::FAILED => Ok(exit::PASSED),
        code => Ok(code),
    }
}
