//! Starting a program of the workspace that is too heavy to be linked here.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::exit;

/// Builds and runs a program, in the target directory that all heavy programs share, with cargo's own progress and the
/// program's own output. Returns its exit code.
pub(crate) fn run(package: &str, bin: &str, arguments: &[&str]) -> Result<u8> {
    let root = checks::workspace_root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(&root)
        .args(["run", "--package", package, "--bin", bin, "--target-dir"])
        .arg(root.join("target/heavy"))
        .arg("--")
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("run {bin} through cargo"))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(exit::TOOL))
}
