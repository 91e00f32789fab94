//! `bench loop`: what a check adds to the build that a learner would wait for anyway.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use checks::{Checker, Exercise, Lesson, Source, Verdict};

use super::{median, seconds, word};
use crate::progress;

/// How much longer than the build a check may take.
const BUDGET: Duration = Duration::from_millis(150);

/// The first exercise of each lesson, on its solution, so that a learner's unfinished file is neither measured nor
/// touched.
pub(super) async fn run(rounds: usize) -> Result<bool> {
    let root = checks::workspace_root();
    let mut checker = Checker::new(&root);
    let mut all_within = true;
    println!(
        "{:12} {:>10} {:>16} {:>11}",
        "exercise", "build", "save to verdict", "difference"
    );
    for lesson in checks::LESSONS {
        let exercise = &lesson.exercises[0];
        let file = root.join(Source::Solutions.file(lesson, exercise));
        // Once for what only the first check does: building everything, starting the reference server.
        save_to_verdict(&mut checker, lesson, exercise, &file).await?;
        let (mut builds, mut checks, mut differences) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            let build = bare_build(&root, lesson, &file)?;
            let check = save_to_verdict(&mut checker, lesson, exercise, &file).await?;
            builds.push(build);
            checks.push(check);
            differences.push(check.as_secs_f64() - build.as_secs_f64());
        }
        let difference = median(&differences);
        let within = difference <= BUDGET.as_secs_f64();
        all_within &= within;
        println!(
            "{:12} {:>10} {:>16} {:>8.0} ms   budget {} ms: {}",
            exercise.id,
            seconds(median(&builds)),
            seconds(median(&checks)),
            difference * 1000.0,
            BUDGET.as_millis(),
            word(within)
        );
    }
    println!("Medians of {rounds} rounds, build and check in turn.");
    Ok(all_within)
}

/// Saves the file, as an editor would, and builds the lesson's program with cargo.
fn bare_build(root: &Path, lesson: &Lesson, file: &Path) -> Result<Duration> {
    let name = format!("solution-{}", lesson.name);
    touch(file)?;
    let begun = Instant::now();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["build", "--quiet", "--package", &name, "--bin", &name])
        .stdin(Stdio::null())
        .status()
        .context("run cargo")?;
    if !status.success() {
        bail!("{name} does not build");
    }
    Ok(begun.elapsed())
}

async fn save_to_verdict(
    checker: &mut Checker,
    lesson: &'static Lesson,
    exercise: &'static Exercise,
    file: &Path,
) -> Result<Duration> {
    touch(file)?;
    checker.forget_programs();
    let begun = Instant::now();
    let report = checker
        .check(lesson, exercise, Source::Solutions, &mut progress::cargo)
        .await?;
    let elapsed = begun.elapsed();
    if report.verdict != Verdict::Passed {
        bail!(
            "the solution of {} does not pass: {}",
            exercise.id,
            report.verdict.name()
        );
    }
    Ok(elapsed)
}

fn touch(file: &Path) -> Result<()> {
    let open = File::options().append(true).open(file);
    let touched = open.and_then(|file| file.set_modified(SystemTime::now()));
    touched.with_context(|| format!("touch {}", file.display()))
}
