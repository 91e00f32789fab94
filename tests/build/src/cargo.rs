//! One call of cargo, and what came of each program that it was to build.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::call::{self, Output};
use crate::diagnostics::{diagnostics, raised_lint};
use crate::fresh;
use crate::machine;
use crate::progress::Progress;
use crate::sources::now;
use crate::target::Target;

/// How many of cargo's last lines are shown when it fails for a reason of its own.
const SHOWN_ERROR_LINES: usize = 20;

/// The compiler's errors as it prints them, by file relative to the workspace. Errors that name no file are under the
/// empty name.
pub type Errors = BTreeMap<String, Vec<String>>;

/// What came of a program.
#[derive(Clone, Debug)]
pub enum Built {
    /// The program, and the compiler's warnings about the package.
    Program {
        /// The path of the program.
        path: PathBuf,
        /// The warnings as the compiler prints them, by file as the errors are.
        warnings: Errors,
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

/// Runs cargo for targets of one workspace, until each program is that of the bytes that are in its files.
fn run(targets: &[Target], progress: &mut dyn FnMut(Progress)) -> Result<Output> {
    let begun = now();
    let output = call_cargo(targets, progress)?;
    let looks = looks(targets, &output);
    let stale: BTreeSet<_> = looks.iter().flat_map(|look| &look.stale).collect();
    if stale.is_empty() {
        looks.into_iter().for_each(|look| look.keep(begun));
        return Ok(output);
    }
    if let Some(first) = targets.first() {
        let stale: Vec<_> = stale.into_iter().cloned().collect();
        call::clean(first, &stale)?;
    }
    let begun = now();
    let output = call_cargo(targets, progress)?;
    for look in self::looks(targets, &output) {
        look.keep(begun);
    }
    Ok(output)
}

fn looks(targets: &[Target], output: &Output) -> Vec<fresh::Look> {
    let looks = targets.iter().filter_map(|target| {
        let mut messages = output.messages.iter();
        let program = messages.find_map(|message| executable(message, &target.bin))?;
        fresh::look(&target.root, &program, &output.messages)
    });
    looks.collect()
}

/// One build. A lint that the compiler's flags have made an error, such as `RUSTFLAGS="-D warnings"`, is a warning again: it
/// must not decide a check. Only a program that has one is built in another way, so that everything else is what any other
/// cargo with these flags has built.
fn call_cargo(targets: &[Target], progress: &mut dyn FnMut(Progress)) -> Result<Output> {
    let mut output = call::build(targets, progress)?;
    for target in targets {
        let of_target = |message: &Value| message["target"]["name"] == target.bin.as_str();
        if !output
            .messages
            .iter()
            .any(|message| of_target(message) && raised_lint(message))
        {
            continue;
        }
        let again = call::build_with_lints_as_warnings(target, progress)?;
        output.messages.retain(|message| !of_target(message));
        let of_target = again.messages.into_iter().filter(of_target);
        output.messages.extend(of_target);
        output.lines = again.lines;
    }
    if let Some(trouble) = machine::trouble(&output) {
        bail!(trouble);
    }
    Ok(output)
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
        let mut warnings = Errors::new();
        for (file, text) in diagnostics(&target.bin, &self.messages, "warning") {
            warnings.entry(file).or_default().push(text);
        }
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
