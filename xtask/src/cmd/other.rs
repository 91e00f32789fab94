//! Starting a program of the workspace that is too heavy to be linked here.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::exit;

/// Builds and runs a program, in the target directory that all heavy programs share, with cargo's own progress and the
/// program's own output. Returns its exit code.
pub(crate) fn run(package: &str, bin: &str, arguments: &[&str]) -> Result<u8> {
    cargo_run(package, ["--bin", bin], true, arguments)
}

/// An example of `checks`. It is built where `checks` has been built already.
pub(crate) fn run_checks_example(example: &str, arguments: &[&str]) -> Result<u8> {
    cargo_run("checks", ["--example", example], false, arguments)
}

fn cargo_run(package: &str, target: [&str; 2], heavy: bool, arguments: &[&str]) -> Result<u8> {
    let root = checks::workspace_root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(&root)
        .args(["run", "--package", package])
        .args(target);
    if heavy {
        command.arg("--target-dir").arg(root.join("target/heavy"));
    }
    let status = command
        .arg("--")
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("run {} through cargo", target[1]))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.unwrap_or(exit::TOOL))
}
