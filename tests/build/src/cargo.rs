//! One call of cargo, and what came of each program that it was to build.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::diagnostics::diagnostics;
use crate::progress::Progress;

/// How wide cargo may make the bar that is read for its counts. Wide enough for the names of the crates after it.
const BAR_COLUMNS: &str = "200";

/// How many of cargo's last lines are shown when it fails for a reason of its own.
const SHOWN_ERROR_LINES: usize = 20;

/// What to build.
#[derive(Clone, Debug)]
pub struct Target {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The package.
    pub package: String,
    /// The program in it.
    pub bin: String,
    /// Where to build, where that is not cargo's own choice.
    pub target_dir: Option<PathBuf>,
}

/// The compiler's errors as it prints them, by file relative to the workspace. Errors that name no file are under the
/// empty name.
pub type Errors = BTreeMap<String, Vec<String>>;

/// What came of a program.
#[derive(Clone, Debug)]
pub enum Built {
    /// The program, and the compiler's warnings about the package as it would print them.
    Program {
        /// The path of the program.
        path: PathBuf,
        /// Rendered warnings.
        warnings: Vec<String>,
    },
    /// The compiler's errors about the package.
    Errors(Errors),
}

/// Builds a program. `progress` receives what happens meanwhile, so that a long build can be followed.
///
/// # Errors
///
/// When cargo cannot be run, or fails for another reason than the package's own code.
pub fn build(target: &Target, progress: &mut dyn FnMut(Progress)) -> Result<Built> {
    let output = run(std::slice::from_ref(target), progress)?;
    output
        .outcome(target)?
        .with_context(|| output.failure(&target.package))
}

/// Builds programs of one workspace with one call of cargo, which takes less time than one call for each. They come in
/// the order of the targets.
///
/// # Errors
///
/// When cargo cannot be run, or one of them fails for another reason than its own code.
pub fn build_all(targets: &[Target], progress: &mut dyn FnMut(Progress)) -> Result<Vec<Built>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let output = run(targets, progress)?;
    let outcome = |target: &Target| {
        output
            .outcome(target)?
            .with_context(|| output.failure(&target.package))
    };
    targets.iter().map(outcome).collect()
}

/// Builds a program, and returns its path, or cargo's messages with the compiler's errors about it: for whoever looks at
/// all places that an error names.
///
/// # Errors
///
/// As for [`build`].
pub(crate) fn build_or_messages(
    target: &Target,
    progress: &mut dyn FnMut(Progress),
) -> Result<std::result::Result<PathBuf, Vec<Value>>> {
    let output = run(std::slice::from_ref(target), progress)?;
    match output.outcome(target)? {
        Some(Built::Program { path, .. }) => Ok(Ok(path)),
        Some(Built::Errors(_)) => Ok(Err(output.messages)),
        None => bail!(output.failure(&target.package)),
    }
}

/// cargo as it was called, else as it is on the PATH.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What cargo wrote.
struct Output {
    success: bool,
    /// Its messages on standard output, one JSON object each.
    messages: Vec<Value>,
    /// Its lines on standard error.
    lines: Vec<String>,
}

/// Runs cargo for targets of one workspace, which is that of the first.
fn run(targets: &[Target], progress: &mut dyn FnMut(Progress)) -> Result<Output> {
    let mut command = command();
    command
        // An error in one program does not keep the others from being built.
        .args(["build", "--keep-going", "--message-format=json"])
        // What is read below is neither coloured nor left out, whatever a learner's settings are.
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_QUIET", "false")
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", BAR_COLUMNS)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for target in targets {
        command.args(["--package", &target.package, "--bin", &target.bin]);
    }
    if let Some(first) = targets.first() {
        command.current_dir(&first.root);
        if let Some(directory) = &first.target_dir {
            command.arg("--target-dir").arg(directory);
        }
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

impl Output {
    /// What came of one program. `None`: it failed, and not by its own code.
    fn outcome(&self, target: &Target) -> Result<Option<Built>> {
        let mut errors = Errors::new();
        for (file, text) in diagnostics(&target.bin, &self.messages, "error") {
            errors.entry(file).or_default().push(text);
        }
        if !errors.is_empty() {
            return Ok(Some(Built::Errors(errors)));
        }
        let mut messages = self.messages.iter();
        let Some(path) = messages.find_map(|message| executable(message, &target.bin)) else {
            if self.success {
                bail!("cargo built no program {}", target.bin);
            }
            return Ok(None);
        };
        let warnings = diagnostics(&target.bin, &self.messages, "warning");
        let warnings = warnings.map(|(_, text)| text).collect();
        Ok(Some(Built::Program { path, warnings }))
    }

    /// Why a build failed that has no errors in its own code: the errors of other packages, or cargo's last lines.
    fn failure(&self, package: &str) -> String {
        let errors = self.messages.iter().filter_map(|message| {
            let message = &message["message"];
            let error = message["level"] == "error";
            message["rendered"].as_str().filter(|_| error)
        });
        let errors = errors.collect::<Vec<_>>().join("\n");
        let last = self.lines.len().saturating_sub(SHOWN_ERROR_LINES);
        let lines = self.lines[last..].join("\n");
        format!("cargo could not build {package}:\n{errors}{lines}")
    }
}

fn executable(message: &Value, bin: &str) -> Option<PathBuf> {
    let ours = message["reason"] == "compiler-artifact" && message["target"]["name"] == bin;
    let path = message["executable"].as_str().filter(|_| ours)?;
    Some(PathBuf::from(path))
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
