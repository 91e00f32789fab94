//! `bench first`: what a learner waits for before the first verdict.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{median, seconds, word};

/// How many times as long as a lesson's own build it may take.
const BUDGET: f64 = 1.3;

/// Clones what is committed, and times all from an empty target directory. The crates are downloaded before: how fast the
/// network is says nothing about the course.
///
/// The measure is the first lesson's own program. The ratio to one with a network, which has more to build, is printed
/// beside it.
pub(super) fn run(rounds: usize) -> Result<bool> {
    let root = checks::workspace_root();
    let (mut unary, mut protobuf, mut first) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        eprintln!(
            "round {round} of {rounds}: two cold builds, and a fresh clone to its first verdict"
        );
        unary.push(cold(&root, &["build", "--package", "lesson-unary"], &[0])?);
        // Exit code 1: the first exercise is not done yet, which is a verdict.
        let check = ["run", "--package", "xtask", "--", "check", "protobuf.1"];
        first.push(cold(&root, &check, &[0, 1])?);
        protobuf.push(cold(
            &root,
            &["build", "--package", "lesson-protobuf"],
            &[0],
        )?);
    }
    let ratios = |builds: &[Duration]| -> Vec<f64> {
        let pairs = first.iter().zip(builds);
        pairs
            .map(|(first, build)| first.as_secs_f64() / build.as_secs_f64())
            .collect()
    };
    let ratio = median(&ratios(&protobuf));
    let within = ratio <= BUDGET;
    println!(
        "cold build of lesson-unary        {:>9}",
        seconds(median(&unary))
    );
    println!(
        "cold build of lesson-protobuf     {:>9}",
        seconds(median(&protobuf))
    );
    println!(
        "fresh clone to the first verdict  {:>9}",
        seconds(median(&first))
    );
    println!(
        "ratio to lesson-protobuf  {ratio:.2}   budget {BUDGET}: {}",
        word(within)
    );
    println!("ratio to lesson-unary     {:.2}", median(&ratios(&unary)));
    println!("Medians of {rounds} rounds, from committed files.");
    Ok(within)
}

/// How long cargo takes in a clone of its own, with nothing built.
fn cold(root: &Path, arguments: &[&str], expected: &[i32]) -> Result<Duration> {
    let folder = temp_dir::TempDir::new().context("make a folder for the clone")?;
    let clone = folder.path().join("clone");
    quiet(
        Command::new("git")
            .args(["clone", "--quiet"])
            .arg(root)
            .arg(&clone),
        &[0],
    )?;
    let cargo = || {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Neither the outer build's target directory nor its root may leak into the clone.
        command
            .current_dir(&clone)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("WIREBOOK_ROOT");
        command
    };
    quiet(cargo().args(["fetch", "--quiet"]), &[0])?;
    let begun = Instant::now();
    quiet(cargo().args(arguments), expected)?;
    Ok(begun.elapsed())
}

fn quiet(command: &mut Command, expected: &[i32]) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("run {command:?}"))?;
    if !output
        .status
        .code()
        .is_some_and(|code| expected.contains(&code))
    {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed ({}):\n{said}", output.status);
    }
    Ok(())
}
