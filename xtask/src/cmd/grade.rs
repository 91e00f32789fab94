//! `cargo xtask grade`.

use std::ffi::OsString;

use anyhow::{Context, Result};

use crate::arguments::{Given, Syntax};
use crate::heavy::{self, Place};
use crate::subcommand::{Audience, Subcommand};

pub(super) const GRADE: Subcommand = Subcommand {
    name: "grade",
    about: "Grade submissions: folders laid out like the course, of which only the exercises' files count",
    details: "  PATHS        The submissions.\n  \
              --out DIR    Where the results go. It must be given.\n  \
              --seed N     The seed of the documents that nobody has seen; without it, that of the round in DIR, or a new one.\n\n\
              isolation: none. Submissions run with your rights: one can read and change whatever you can, the results and other\n\
              submissions too. Grade only what you would run yourself, or in a container without anything of value.",
    examples: &["grade submissions/* --out results"],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["PATHS..."],
        flags: &[],
        options: &["out", "seed"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    // The grader is started in the workspace's folder, and the paths are relative to this one.
    let here = std::env::current_dir()?;
    let full = |path: &OsString| here.join(path).into_os_string();
    let out = given.option("out");
    let out = out.context("--out DIR is missing: the folder for the results")?;
    let mut arguments = vec!["--out".into(), full(out)];
    if let Some(seed) = given.number("seed", 0)? {
        arguments.extend(["--seed".into(), seed.to_string().into()]);
    }
    arguments.extend(given.values().iter().map(full));
    heavy::run("grader", "grader", Place::Heavy, &arguments)
}
