//! `cargo xtask start`.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};
use build::workspace_root;

use super::check;
use crate::arguments::{Given, Syntax};
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
    doctor()?;
    println!("Wirebook: every exercise is a small program, judged by what it puts on the wire.\n");
    match check::check(&check::Options::all(full))? {
        // An unfinished exercise is not a failure of `start`: it has shown what to do next.
        exit::FAILED => Ok(exit::PASSED),
        code => Ok(code),
    }
}

/// Finds what would stop a learner before it does.
fn doctor() -> Result<()> {
    let root = workspace_root();
    if !root.join("Cargo.lock").exists() {
        bail!(
            "{} is not the course: it has no Cargo.lock; run this inside the cloned repository",
            root.display()
        );
    }
    // The sockets of a run live in the temporary folder.
    let folder = std::env::temp_dir().join(format!("wirebook-{}", std::process::id()));
    if let Err(error) = fs::create_dir(&folder).and_then(|()| fs::remove_dir(&folder)) {
        bail!(
            "cannot write to {}, where each run keeps its sockets ({error}); set TMPDIR to a folder that you may write",
            std::env::temp_dir().display()
        );
    }
    if std::net::TcpListener::bind(("127.0.0.1", 0)).is_err() {
        bail!(
            "cannot listen on 127.0.0.1; every exercise with a network needs loopback. Is a sandbox or a firewall on?"
        );
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    match Command::new(cargo).arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => bail!("cargo does not run; install Rust from https://rustup.rs"),
    }
}
