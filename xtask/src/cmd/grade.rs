//! `cargo xtask grade`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use build::workspace_root;

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
    let out = full(out);
    outside_of_sources(&workspace_root(), Path::new(&out))?;
    let mut arguments = vec!["--out".into(), out];
    if let Some(seed) = given.number("seed", 0)? {
        arguments.extend(["--seed".into(), seed.to_string().into()]);
    }
    arguments.extend(given.values().iter().map(full));
    heavy::run("grader", "grader", Place::Heavy, &arguments)
}

/// Fails where results would lie among files that people write.
fn outside_of_sources(root: &Path, out: &Path) -> Result<()> {
    let out = real(out);
    for folder in ["lessons", "solutions"] {
        if out.starts_with(real(&root.join(folder))) {
            bail!("--out is a folder for results only, and {folder}/ has what people write");
        }
    }
    Ok(())
}

/// A path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let existing = path.ancestors().find_map(|folder| {
        let real = folder.canonicalize().ok()?;
        Some(real.join(path.strip_prefix(folder).ok()?))
    });
    existing.unwrap_or_else(|| path.to_owned())
}
