//! `bench first`: what a learner waits for before the first verdict.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use build::workspace_root;
use catalogue::Course;

use super::figures::{median, seconds, verdict};

/// How long the first verdict may take, as a multiple of the lesson's own build.
const MAX_VERDICT_RATIO: f64 = 1.3;

/// How long the build of the command line may take, as a part of the time to the first verdict.
const MAX_XTASK_RATIO: f64 = 0.25;

/// How many lessons are added for the second measurement.
const ADDED_LESSONS: usize = 5;

/// Clones what is committed, and times builds from an empty target directory. The crates are downloaded before, so that
/// the speed of the network does not count.
///
/// The measure is the first lesson's own program. Then the same with five more lessons, copies of unary: the time to
/// the first verdict must not grow with the number of lessons.
pub(super) fn run(rounds: usize) -> Result<bool> {
    let root = workspace_root();
    let (mut lesson, mut today, mut larger, mut xtask) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}: five cold builds");
        let mut clone = Clone::new(&root)?;
        let build = ["build", "--package", "lesson-protobuf"];
        let before = clone.cold(&build, &[0])?;
        xtask.push(clone.cold(&["build", "--package", "xtask"], &[0])?);
        // Exit code 1: the first exercise is not done yet, which is a verdict.
        let check = ["run", "--package", "xtask", "--", "check", "protobuf.1"];
        today.push(clone.cold(&check, &[0, 1])?);
        clone.add_lessons(ADDED_LESSONS)?;
        larger.push(clone.cold(&check, &[0, 1])?);
        // Before and after, since the speed of a machine drifts within minutes.
        let after = clone.cold(&build, &[0])?;
        lesson.push((before + after) / 2);
    }
    let ratio = |times: &[Duration], of: &[Duration]| {
        let pairs = times.iter().zip(of);
        let ratios: Vec<_> = pairs
            .map(|(time, of)| time.as_secs_f64() / of.as_secs_f64())
            .collect();
        median(&ratios)
    };
    let lessons = Course::read(&root)?.lessons.len();
    let print = |what: &str, times: &[Duration]| {
        println!("{what:52} {:>9}", seconds(median(times)));
    };
    print("cold build of lesson-protobuf", &lesson);
    print("fresh clone until xtask is there", &xtask);
    print(
        &format!("fresh clone to the first verdict, {lessons} lessons"),
        &today,
    );
    let more = lessons + ADDED_LESSONS;
    print(
        &format!("fresh clone to the first verdict, {more} lessons"),
        &larger,
    );
    let mut all_within = true;
    for (what, ratio, budget) in [
        (
            format!("first verdict to lesson-protobuf, {lessons} lessons"),
            ratio(&today, &lesson),
            MAX_VERDICT_RATIO,
        ),
        (
            format!("first verdict to lesson-protobuf, {more} lessons"),
            ratio(&larger, &lesson),
            MAX_VERDICT_RATIO,
        ),
        (
            "xtask to first verdict".to_owned(),
            ratio(&xtask, &today),
            MAX_XTASK_RATIO,
        ),
    ] {
        all_within &= ratio <= budget;
        println!(
            "{what:52} {ratio:>9.2}   budget {budget}: {}",
            verdict(ratio <= budget)
        );
    }
    println!("Medians of {rounds} rounds, from committed files.");
    Ok(all_within)
}

/// A clone of what is committed, with nothing built.
struct Clone {
    _folder: temp_dir::TempDir,
    path: PathBuf,
}

impl Clone {
    fn new(root: &Path) -> Result<Self> {
        let folder = temp_dir::TempDir::new().context("make a folder for the clone")?;
        let path = folder.path().join("clone");
        let mut git = Command::new("git");
        quiet(git.args(["clone", "--quiet"]).arg(root).arg(&path), &[0])?;
        let clone = Self {
            _folder: folder,
            path,
        };
        quiet(clone.cargo().args(["fetch", "--quiet"]), &[0])?;
        Ok(clone)
    }

    /// How long cargo takes with nothing built.
    fn cold(&mut self, arguments: &[&str], expected: &[i32]) -> Result<Duration> {
        let target = self.path.join("target");
        if target.exists() {
            fs::remove_dir_all(&target).context("delete what was built")?;
        }
        let begun = Instant::now();
        quiet(self.cargo().args(arguments), expected)?;
        Ok(begun.elapsed())
    }

    /// Adds copies of lesson unary, each with names of its own.
    fn add_lessons(&mut self, count: usize) -> Result<()> {
        let course = Course::read(&self.path)?;
        let unary = course.lessons.iter().find(|lesson| lesson.name == "unary");
        let unary = unary.context("there is no lesson unary to copy")?;
        for number in course.lessons.len() + 1..=course.lessons.len() + count {
            let name = format!("copy{number}");
            let folder = unary.path.with_file_name(format!("{number:02}-{name}"));
            copy(&unary.path, &folder)?;
            for manifest in ["Cargo.toml", "check/Cargo.toml"] {
                let path = folder.join(manifest);
                let text = fs::read_to_string(&path).context("read a copied manifest")?;
                fs::write(&path, text.replace("unary", &name)).context("write a manifest")?;
            }
        }
        // This program, with another root: the clone's own would have to be built first.
        let xtask = std::env::current_exe().context("find this program")?;
        let mut sync = Command::new(xtask);
        quiet(sync.arg("sync").env("WIREBOOK_ROOT", &self.path), &[0])?;
        quiet(self.cargo().args(["fetch", "--quiet"]), &[0])
    }

    fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Neither the outer build's target directory nor its root may leak into the clone.
        command
            .current_dir(&self.path)
            .env("CARGO_TARGET_DIR", self.path.join("target"))
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("WIREBOOK_ROOT");
        command
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("list {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copy to {}", target.display()))?;
        }
    }
    Ok(())
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
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed ({}):\n{stderr}", output.status);
    }
    Ok(())
}
