//! Starting programs of the workspace that are not linked here.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use build::{heavy_dir, workspace_root};

use crate::arguments::Given;
use crate::exit;

/// Where a program is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// With the lessons and their checkers: for a program that links these.
    Light,
    /// Where tract, mdBook and the code generator are.
    Heavy,
}

/// Builds and runs a program, with cargo's own progress and the program's own output. Returns its exit code.
pub(crate) fn run(
    package: &str,
    program: &str,
    place: Place,
    arguments: &[OsString],
) -> Result<u8> {
    let root = workspace_root();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&root)
        .args(["run", "--package", package, "--bin", program]);
    if place == Place::Heavy {
        command.arg("--target-dir").arg(heavy_dir(&root)?);
    }
    let status = command
        .arg("--")
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("run {program} through cargo"))?;
    // cargo ends with a code of its own where the program does not build.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code
        .filter(|code| *code <= exit::TOOL)
        .unwrap_or(exit::TOOL))
}

/// Runs the program of a subcommand that writes something, or checks it with `--check`.
pub(crate) fn run_checked(package: &str, program: &str, given: &Given) -> Result<u8> {
    let check = given.has("check").then(|| "--check".into());
    run(package, program, Place::Heavy, check.as_slice())
}
