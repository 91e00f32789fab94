//! `bench loop`: what a check adds to the build that a learner would wait for anyway.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use build::{Source, workspace_root};
use catalogue::{Course, Exercise, Lesson};
use report::Verdict;

use super::figures::{median, seconds, verdict};
use crate::checkers::Checkers;

/// How much longer than the build a check may take.
const MAX_DIFFERENCE: Duration = Duration::from_millis(150);

/// The first exercise of each lesson, on its solution, so that a learner's unfinished file is neither measured nor
/// touched.
pub(super) fn run(rounds: usize) -> Result<bool> {
    let course = Course::read(&workspace_root())?;
    let mut checkers = Checkers::new(&course)?;
    let lessons: Vec<_> = course.lessons.iter().collect();
    checkers.prepare(&lessons, Source::Solutions)?;
    let mut all_within = true;
    println!(
        "{:12} {:>10} {:>16} {:>11}",
        "exercise", "build", "save to verdict", "difference"
    );
    for lesson in lessons {
        let exercise = &lesson.exercises[0];
        let file = course.root.join(lesson.solution_file(exercise));
        // Once, for what only the first check does: building everything, starting the reference server.
        save_to_verdict(&mut checkers, lesson, exercise, &file)?;
        let (mut builds, mut checks, mut differences) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            let build = bare_build(&course.root, lesson, &file)?;
            let check = save_to_verdict(&mut checkers, lesson, exercise, &file)?;
            builds.push(build);
            checks.push(check);
            differences.push(check.as_secs_f64() - build.as_secs_f64());
        }
        let difference = median(&differences);
        let within = difference <= MAX_DIFFERENCE.as_secs_f64();
        all_within &= within;
        println!(
            "{:12} {:>10} {:>16} {:>8.0} ms   budget {} ms: {}",
            exercise.id,
            seconds(median(&builds)),
            seconds(median(&checks)),
            difference * 1000.0,
            MAX_DIFFERENCE.as_millis(),
            verdict(within)
        );
    }
    println!("Medians of {rounds} rounds, build and check in turn.");
    Ok(all_within)
}

/// Saves the file, as an editor would, and builds the lesson's program with cargo.
fn bare_build(root: &Path, lesson: &Lesson, file: &Path) -> Result<Duration> {
    let name = lesson.solution_package();
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

/// Saves the file, and does all that a check of a second call does: it builds the program and the checker, and asks the
/// checker, which runs already.
fn save_to_verdict(
    checkers: &mut Checkers,
    lesson: &Lesson,
    exercise: &Exercise,
    file: &Path,
) -> Result<Duration> {
    touch(file)?;
    checkers.forget_programs();
    let begun = Instant::now();
    checkers.prepare(&[lesson], Source::Solutions)?;
    let (report, _) =
        checkers.check(lesson, exercise, Source::Solutions, report::PUBLISHED_SEED)?;
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
