//! `cargo xtask start`.

use std::process::Command;

use anyhow::{Result, bail};
use clap::arg;

use super::check;
use crate::exit;

pub(crate) fn command() -> clap::Command {
    clap::Command::new("start")
        .about("The place to begin: looks at the machine, builds, and shows the first exercise that does not pass")
        .after_help("Example: cargo xtask start")
        .arg(arg!(--full "Show whole transcripts, not only the rows around the first difference"))
}

/// `full`: whole transcripts.
pub(crate) async fn run(full: bool) -> Result<u8> {
    doctor()?;
    println!("Wirebook: every exercise is a small program, judged by what it puts on the wire.\n");
    match check::run(&check::Arguments::all(full)).await? {
        // Not being done is no failure of `start`: it has shown what to do next.
        exit::FAILED => Ok(exit::PASSED),
        code => Ok(code),
    }
}

/// Finds what would stop a learner before it does.
fn doctor() -> Result<()> {
    let root = checks::workspace_root();
    if !root.join("Cargo.lock").exists() {
        bail!(
            "{} is not the course: it has no Cargo.lock; run this inside the cloned repository",
            root.display()
        );
    }
    // The sockets of a run live in the temporary folder.
    if let Err(error) = temp_dir::TempDir::new() {
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
