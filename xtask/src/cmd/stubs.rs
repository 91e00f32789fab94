//! `cargo xtask stubs`.

use std::fs;

use anyhow::{Context, Result};
use checks::{LESSONS, starter};
use clap::{ArgMatches, Command, arg};

use crate::exit;

pub(crate) struct Arguments {
    check: bool,
}

impl Arguments {
    pub(crate) fn read(matches: &ArgMatches) -> Self {
        Self {
            check: matches.get_flag("check"),
        }
    }
}

pub(crate) fn command() -> Command {
    Command::new("stubs")
        .about("Write the starters in lessons/ from the solutions, or check that they are in step. Overwrites what is in lessons/.")
        .after_help("Example: cargo xtask stubs --check")
        .arg(arg!(--check "Write nothing; fail if a starter is not what its solution gives"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<u8> {
    let root = checks::workspace_root();
    let mut stale = Vec::new();
    for lesson in LESSONS {
        let folder = root.join("lessons").join(lesson.folder);
        for (path, text) in starter::files(&root, lesson)? {
            let target = folder.join(&path);
            if fs::read_to_string(&target).is_ok_and(|old| old == text) {
                continue;
            }
            let shown = format!("lessons/{}/{}", lesson.folder, path.display());
            if !arguments.check {
                let parent = target.parent().context("a file has a folder")?;
                fs::create_dir_all(parent).with_context(|| format!("make {}", parent.display()))?;
                fs::write(&target, text).with_context(|| format!("write {shown}"))?;
                eprintln!("wrote {shown}");
            }
            stale.push(shown);
        }
    }
    if arguments.check && !stale.is_empty() {
        eprintln!("error: not what the solutions give: {}", stale.join(", "));
        eprintln!("Change the solution, run `cargo xtask stubs`, and commit both.");
        return Ok(exit::FAILED);
    }
    Ok(exit::PASSED)
}
