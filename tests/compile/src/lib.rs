//! Building programs through cargo, with their errors by file.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

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
    /// Variables that the build runs under, beside the environment.
    pub env: Vec<(String, String)>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Built {
    /// The program, and the compiler's warnings about the package as it would print them.
    Program {
        /// The path of the program.
        path: PathBuf,
        /// Rendered warnings.
        warnings: Vec<String>,
    },
    /// The compiler's errors about the package, as it would print them, by source file. Errors without a place are
    /// under the empty name.
    Errors(BTreeMap<String, Vec<String>>),
}

/// Builds a program. `progress` hears each line that cargo says while it works, so that a long build is not silent.
///
/// # Errors
///
/// When cargo cannot be run, or fails for another reason than the package's own code.
pub fn compile(target: &Target, progress: &mut dyn FnMut(&str)) -> Result<Built> {
    let cargo = cargo(std::slice::from_ref(target), progress)?;
    cargo.outcome(target)?.with_context(|| {
        let last = cargo.said.len().saturating_sub(20);
        format!(
            "cargo could not build {}:\n{}",
            target.package,
            cargo.said[last..].join("\n")
        )
    })
}

/// Builds programs of one workspace at once, which takes less than one after the other. They come in the order of the
/// targets; `None` is one that failed for another reason than its own code.
///
/// # Errors
///
/// When cargo cannot be run.
pub fn compile_all(
    targets: &[Target],
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Option<Built>>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let cargo = cargo(targets, progress)?;
    targets.iter().map(|target| cargo.outcome(target)).collect()
}

/// What cargo said of a build.
struct Said {
    success: bool,
    messages: Vec<Value>,
    said: Vec<String>,
}

/// Runs cargo for targets of one workspace, which is that of the first.
fn cargo(targets: &[Target], progress: &mut dyn FnMut(&str)) -> Result<Said> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        // What is wrong with one of the programs does not keep the others from being built.
        .args(["build", "--keep-going", "--message-format=json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for target in targets {
        command
            .args(["--package", &target.package, "--bin", &target.bin])
            .envs(target.env.iter().map(|(key, value)| (key, value)));
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
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        lines
            .filter_map(|line| serde_json::from_str(&line).ok())
            .collect::<Vec<Value>>()
    });
    let mut said = Vec::new();
    let stderr = child.stderr.take().context("cargo has no standard error")?;
    for line in BufReader::new(stderr).lines() {
        let line = line.context("read what cargo says")?;
        let own = targets.iter().any(|target| line.contains(&target.package));
        if worth_showing(&line, own) {
            progress(&line);
        }
        said.push(line);
    }
    let success = child.wait().context("wait for cargo")?.success();
    let messages = messages
        .join()
        .map_err(|_| anyhow::anyhow!("reading cargo's messages panicked"))?;
    Ok(Said {
        success,
        messages,
        said,
    })
}

impl Said {
    /// What came of one program. `None`: it failed, and not by its own code.
    fn outcome(&self, target: &Target) -> Result<Option<Built>> {
        let mut errors = BTreeMap::<String, Vec<String>>::new();
        for (file, text) in diagnostics(target, &self.messages, "error") {
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
        let warnings = diagnostics(target, &self.messages, "warning")
            .map(|(_, text)| text)
            .collect();
        Ok(Some(Built::Program { path, warnings }))
    }
}

fn executable(message: &Value, bin: &str) -> Option<PathBuf> {
    let ours = message["reason"] == "compiler-artifact" && message["target"]["name"] == bin;
    let path = message["executable"].as_str().filter(|_| ours)?;
    Some(PathBuf::from(path))
}

/// The file and the text of each of the compiler's messages about the package, at this level.
fn diagnostics<'a>(
    target: &'a Target,
    messages: &'a [Value],
    level: &'a str,
) -> impl Iterator<Item = (String, String)> + 'a {
    messages.iter().filter_map(move |message| {
        let told = &message["message"];
        let ours = message["reason"] == "compiler-message"
            && told["level"] == level
            && message["target"]["name"] == target.bin.as_str();
        let text = told["rendered"].as_str().filter(|_| ours)?;
        let spans = told["spans"].as_array().filter(|spans| !spans.is_empty());
        let primary = |span: &&Value| span["is_primary"] == true;
        let file = spans
            .and_then(|spans| spans.iter().find(primary))
            .and_then(|span| span["file_name"].as_str());
        // The closing "aborting due to 2 previous errors" has no place and says nothing.
        if file.is_none() && text.contains("aborting due to") {
            return None;
        }
        Some((file.unwrap_or_default().replace('\\', "/"), text.to_owned()))
    })
}

/// Whether a learner wants to see a line of cargo's while a build runs: what takes time, not how it ended.
fn worth_showing(line: &str, own: bool) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    match word {
        "Compiling" => !own,
        "Downloading" | "Downloaded" | "Updating" | "Locking" | "Blocking" => true,
        _ => false,
    }
}

/// The folder of the course: what `WIREBOOK_ROOT` says, else the workspace that cargo runs this program from, else the
/// one that it was built in.
///
/// What was built in one clone may be run from another, where two clones share a target directory.
pub fn workspace_root() -> PathBuf {
    if let Some(root) = std::env::var_os("WIREBOOK_ROOT") {
        return PathBuf::from(root);
    }
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let locked = |package: &PathBuf| {
        package
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").exists())
            .map(Path::to_owned)
    };
    package.as_ref().and_then(locked).unwrap_or_else(|| {
        let built = Path::new(env!("CARGO_MANIFEST_DIR"));
        built.ancestors().nth(2).unwrap_or(built).to_owned()
    })
}
