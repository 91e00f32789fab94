//! Starting a program of the workspace that is too heavy to be linked here.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::exit;

/// Builds and runs a program, in the target directory that all heavy programs share, with cargo's own progress and the
/// program's own output. Returns its exit code.
pub(crate) fn run(package: &str, bin: &str, arguments: &[&str]) -> Result<u8> {
    cargo_run(package, ["--bin", bin], arguments)
}

/// The same for an example of a package.
pub(crate) fn run_example(package: &str, example: &str) -> Result<u8> {
    cargo_run(package, ["--example", example], &[])
}

fn cargo_run(package: &str, target: [&str; 2], arguments: &[&str]) -> Result<u8> {
    let root = checks::workspace_root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(&root)
        .args(["run", "--package", package])
        .args(target)
        .arg("--target-dir")
        .arg(root.join("target/heavy"))
        .arg("--")
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("run {} through cargo", target[1]))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.unwrap_or(exit::TOOL))
}
