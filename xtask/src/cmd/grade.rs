//! `cargo xtask grade`.

use std::path::PathBuf;

use anyhow::Result;

use super::other;

/// Grade submissions: each a folder with the course's layout, of which only the exercises' files count.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: cargo xtask grade submissions/* --out results")]
pub(crate) struct Arguments {
    /// The submissions.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Where the results go.
    #[arg(long)]
    out: PathBuf,
    /// The seed of the documents that nobody has seen. Without it: that of the round in OUT, or a new one.
    #[arg(long)]
    seed: Option<u64>,
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
