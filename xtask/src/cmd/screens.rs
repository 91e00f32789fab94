//! `cargo xtask screens`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use build::workspace_root;

use crate::arguments::{Given, Syntax};
use crate::exit;
use crate::subcommand::{Audience, Subcommand};

/// Where the recorded screens are, a file for each exercise and width.
const FOLDER: &str = "tests/course/tests/course/screens/recorded";

/// The width that is shown where nothing else is said.
const DEFAULT_COLUMNS: u64 = 80;

pub(super) const SCREENS: Subcommand = Subcommand {
    name: "screens",
    about: "Print the recorded screens: what a learner sees of every verdict and every known mistake",
    details: "  NAME          What is printed: an exercise, for example unary.2, `verdicts`, or `general`, the mistakes that any\n\
              \x20               exercise may show. Without it: all.\n  \
              --columns N   At this width: 80, or 60; without it, 80.\n\n\
              They are recorded by INSTA_UPDATE=always cargo test --package course --test course screens",
    examples: &[
        "screens",
        "screens unary.2 --columns 60",
        "screens verdicts",
    ],
    audience: Audience::Authors,
    syntax: Syntax {
        values: &["[NAME]"],
        flags: &[],
        options: &["columns"],
    },
    run,
};

fn run(given: &Given) -> Result<u8> {
    let columns = given.number("columns", 1)?.unwrap_or(DEFAULT_COLUMNS);
    let recorded = recorded(&workspace_root().join(FOLDER))?;
    let name = given.value(0)?;
    let is_wanted = |screens: &&Recorded| {
        screens.columns == columns && name.is_none_or(|name| screens.name == name)
    };
    let wanted: Vec<_> = recorded.iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        let names: Vec<_> = recorded
            .iter()
            .map(|it| format!("{} ({})", it.name, it.columns))
            .collect();
        bail!(
            "no screens of {} are recorded at {columns} columns; there are {}",
            name.unwrap_or("any exercise"),
            names.join(", ")
        );
    }
    for screens in wanted {
        println!("{}\n", screens.text.trim_end());
    }
    Ok(exit::PASSED)
}

/// The screens of one file.
struct Recorded {
    /// `unary.2`, `general`, `verdicts`.
    name: String,
    columns: u64,
    text: String,
}

/// All that are recorded: the exercises by their names, then the others.
fn recorded(folder: &Path) -> Result<Vec<Recorded>> {
    let entries = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    let mut recorded = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("list {}", folder.display()))?
            .path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Some((name, columns)) = stem.rsplit_once('-') else {
            continue;
        };
        let Ok(columns) = columns.parse() else {
            continue;
        };
        let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        recorded.push(Recorded {
            name: name.to_owned(),
            columns,
            text: without_head(&text).to_owned(),
        });
    }
    // An exercise has a dot in its name.
    recorded.sort_by_key(|it| (!it.name.contains('.'), it.name.clone(), it.columns));
    Ok(recorded)
}

/// What insta has written, without its head.
fn without_head(text: &str) -> &str {
    let body = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    body.map_or(text, |(_, body)| body)
}
