//! cargo as a process: its arguments, its environment, what it writes.

use std::io::{BufReader, Read};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::progress::Progress;
use crate::target::Target;

/// Settings of cargo that would change what is read of it, or its verdict on a warning, and the values that are read here.
/// They win over those of a learner's environment and of all files of cargo's configuration.
const SETTINGS: [(&str, &str); 8] = [
    ("CARGO_TERM_COLOR", "never"),
    ("CARGO_TERM_QUIET", "false"),
    ("CARGO_TERM_VERBOSE", "false"),
    ("CARGO_TERM_HYPERLINKS", "false"),
    ("CARGO_TERM_PROGRESS_TERM_INTEGRATION", "false"),
    ("CARGO_TERM_PROGRESS_WHEN", "always"),
    // Wide enough for the names of the crates after the bar, which is read for its counts.
    ("CARGO_TERM_PROGRESS_WIDTH", "200"),
    // Newer cargos can refuse a build for a warning.
    ("CARGO_BUILD_WARNINGS", "warn"),
];

/// Logs of the tools themselves, which would stand between the lines that are read.
const LOGS: [&str; 2] = ["CARGO_LOG", "RUSTC_LOG"];

/// What cargo wrote.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) success: bool,
    /// Its messages on standard output, one JSON object each.
    pub(crate) messages: Vec<Value>,
    /// Its lines on standard error.
    pub(crate) lines: Vec<String>,
}

/// cargo as it was called, else as it is on the PATH.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `cargo build` for targets of one workspace, which is that of the first.
pub(crate) fn build(targets: &[Target], progress: &mut dyn FnMut(Progress)) -> Result<Output> {
    let mut command = command();
    // An error in one program does not keep the others from being built.
    command.args(["build", "--keep-going", "--message-format=json"]);
    for target in targets {
        command.args(["--package", &target.package, "--bin", &target.bin]);
    }
    place(&mut command, targets);
    read(command, progress)
}

/// As [`build`] for one target, in which no lint is more than a warning, whatever flags the compiler is given. All other
/// packages are built as ever.
pub(crate) fn build_with_lints_as_warnings(
    target: &Target,
    progress: &mut dyn FnMut(Progress),
) -> Result<Output> {
    let mut command = command();
    command.args(["rustc", "--message-format=json"]);
    command.args(["--package", &target.package, "--bin", &target.bin]);
    place(&mut command, std::slice::from_ref(target));
    command.args(["--", "--cap-lints", "warn"]);
    read(command, progress)
}

/// Deletes what was built of these packages.
pub(crate) fn clean(target: &Target, packages: &[String]) -> Result<()> {
    let mut command = command();
    command.args(["clean", "--quiet"]);
    for package in packages {
        command.args(["--package", package]);
    }
    place(&mut command, std::slice::from_ref(target));
    let output = command
        .stdin(Stdio::null())
        .output()
        .context("run cargo; is it on the PATH?")?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("cargo could not delete an old program:\n{stderr}");
    }
    Ok(())
}

fn place(command: &mut Command, targets: &[Target]) {
    if let Some(first) = targets.first() {
        command.current_dir(&first.root);
        if let Some(directory) = &first.target_dir {
            command.arg("--target-dir").arg(directory);
        }
    }
}

fn read(mut command: Command, progress: &mut dyn FnMut(Progress)) -> Result<Output> {
    command
        .envs(SETTINGS)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for log in LOGS {
        command.env_remove(log);
    }
    let mut child = command.spawn().context("run cargo; is it on the PATH?")?;
    let stdout = child
        .stdout
        .take()
        .context("cargo has no standard output")?;
    let messages = std::thread::spawn(move || {
        let lines = std::io::BufRead::lines(BufReader::new(stdout)).map_while(Result::ok);
        lines
            .filter_map(|line| serde_json::from_str(&line).ok())
            .collect::<Vec<Value>>()
    });
    let stderr = child.stderr.take().context("cargo has no standard error")?;
    let lines = read_progress(stderr, progress).context("read cargo's progress")?;
    let success = child.wait().context("wait for cargo")?.success();
    let messages = messages
        .join()
        .map_err(|_| anyhow::anyhow!("reading cargo's messages panicked"))?;
    Ok(Output {
        success,
        messages,
        lines,
    })
}

/// Reads cargo's standard error to its end and returns its lines. A state of the bar ends with a carriage return, and
/// is not a line.
fn read_progress(
    stderr: impl Read,
    progress: &mut dyn FnMut(Progress),
) -> std::io::Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for byte in BufReader::new(stderr).bytes() {
        match byte? {
            end @ (b'\n' | b'\r') => {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if let Some(event) = Progress::read(&text) {
                    progress(event);
                }
                if end == b'\n' {
                    lines.push(text);
                }
            }
            byte => line.push(byte),
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_states_are_events_and_not_lines() {
        let stderr = "   Compiling a v1\n    Building [=> ] 1/2: a   \r    Finished\nlast";
        let mut events = Vec::new();
        let lines = read_progress(stderr.as_bytes(), &mut |event| events.push(event)).unwrap();
        assert_eq!(lines, ["   Compiling a v1", "    Finished"]);
        assert_eq!(events.len(), 2, "{events:?}");
        assert!(matches!(
            events[1],
            Progress::Crates {
                done: 1,
                total: 2,
                ..
            }
        ));
    }
}
