//! `cargo xtask grade`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{ArgMatches, Command, arg, value_parser};

use crate::heavy::{self, Place};

pub(crate) fn command() -> Command {
    Command::new("grade")
        .about("Grade submissions: folders laid out like the course, of which only the exercises' files count")
        .after_help("Example: cargo xtask grade submissions/* --out results")
        .arg(arg!(<paths> ... "The submissions").value_parser(value_parser!(PathBuf)))
        .arg(arg!(--out <DIR> "Where the results go").required(true).value_parser(value_parser!(PathBuf)))
        .arg(
            arg!(--seed <N> "The seed of the documents that nobody has seen; else that of the round in DIR, or a new one")
                .value_parser(value_parser!(u64)),
        )
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8> {
    // The grader is started in the workspace's folder, and the paths are relative to this one.
    let here = std::env::current_dir()?;
    let full = |path: &PathBuf| here.join(path).display().to_string();
    let mut arguments = Vec::new();
    if let Some(out) = matches.get_one::<PathBuf>("out") {
        arguments.extend(["--out".to_owned(), full(out)]);
    }
    if let Some(seed) = matches.get_one::<u64>("seed") {
        arguments.extend(["--seed".to_owned(), seed.to_string()]);
    }
    let paths = matches.get_many::<PathBuf>("paths");
    arguments.extend(paths.into_iter().flatten().map(full));
    heavy::run("grader", "grader", Place::Heavy, &arguments)
}
