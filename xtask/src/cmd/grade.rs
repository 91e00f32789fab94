//! `cargo xtask grade`.

use std::path::PathBuf;

use anyhow::Result;
use clap::{ArgMatches, Command, arg, value_parser};

use super::other;

pub(crate) struct Arguments {
    paths: Vec<PathBuf>,
    out: PathBuf,
    seed: Option<u64>,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            paths: matches
                .get_many("paths")
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            out: matches.get_one("out").cloned().unwrap_or_default(),
            seed: matches.get_one("seed").copied(),
        }
    }
}

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

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    // The grader is started in the workspace's folder, and the paths are relative to this one.
    let here = std::env::current_dir()?;
    let mut all = vec![
        "--out".to_owned(),
        here.join(&arguments.out).display().to_string(),
    ];
    if let Some(seed) = arguments.seed {
        all.extend(["--seed".to_owned(), seed.to_string()]);
    }
    all.extend(
        arguments
            .paths
            .iter()
            .map(|path| here.join(path).display().to_string()),
    );
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    other::run("grader", "grader", &all)
}
