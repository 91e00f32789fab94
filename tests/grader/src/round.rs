//! A grading round: its fresh seed, and what is expected on it.
//!
//! Answers that are written down for the published seed are worth nothing on another. Which other one is drawn anew for
//! every round and kept beside the results, so that an interrupted round goes on with the same.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use checks::{End, Exercise, LESSONS, Lesson, Program, Run, Seed, Verdict, judge, snapshot};
use serde::{Deserialize, Serialize};

use crate::result::{self, SCHEMA};
use crate::submission::{Files, Handed};
use crate::workbench::Workbench;

/// How many seeds are drawn before the course is at fault. One in many makes documents that are not fit to be printed.
const DRAWS: usize = 5;

/// How often a solution is tried before the course is at fault: the machine may be busy with other things.
const TRIES: usize = 3;

/// What is kept of a round beside its results.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    schema: u32,
    seed: u64,
}

/// The seed of the round whose results are in this folder, if there is one.
pub(crate) fn kept(out: &Path) -> Option<Seed> {
    let kept: Kept = result::read(&file(out))?;
    (kept.schema == SCHEMA).then_some(Seed(kept.seed))
}

/// Keeps a round's seed for the next call.
pub(crate) fn keep(out: &Path, seed: Seed) -> Result<()> {
    let kept = Kept {
        schema: SCHEMA,
        seed: seed.0,
    };
    result::write(&file(out), &kept)
}

fn file(out: &Path) -> PathBuf {
    out.join("round.json")
}

/// What the solutions do on a round's fresh seed, by exercise.
pub(crate) struct Expected {
    /// The seed.
    pub(crate) seed: Seed,
    runs: BTreeMap<&'static str, Run>,
}

impl Expected {
    /// The solution's run of an exercise on the fresh seed.
    pub(crate) fn of(&self, exercise: &Exercise) -> Result<&Run> {
        let run = self.runs.get(exercise.id);
        run.with_context(|| format!("{} has no run of its solution", exercise.id))
    }
}

/// Runs the solutions on this seed, or on one that is drawn. They must pass here as they do in the course's own tests:
/// what is wrong with the course must not be found out at a submission's cost.
pub(crate) async fn prepare(
    bench: &mut Workbench,
    course: &Path,
    seed: Option<Seed>,
    progress: &mut dyn FnMut(&str),
) -> Result<Expected> {
    bench.lay(&solutions(course)?, progress)?;
    passes_its_snapshots(bench, course, progress).await?;
    if let Some(seed) = seed {
        return expect(bench, seed, progress).await;
    }
    let mut last = None;
    for _ in 0..DRAWS {
        match expect(bench, draw(), progress).await {
            Ok(expected) => return Ok(expected),
            Err(error) => last = Some(error),
        }
    }
    Err(last.context("no seed was drawn")?)
}

/// A seed that nobody can guess before the round. Small enough that every reader of JSON has it exactly.
fn draw() -> Seed {
    let random = RandomState::new().hash_one(std::process::id());
    Seed((random >> 32) + 1_000)
}

/// The solutions, as if they were handed in.
fn solutions(course: &Path) -> Result<Files> {
    let mut files = Files::new();
    for lesson in LESSONS {
        for exercise in lesson.exercises {
            let path = checks::Source::Solutions.file(lesson, exercise);
            let text = std::fs::read_to_string(course.join(&path))
                .with_context(|| format!("read {path}"))?;
            files.insert(exercise.id, Handed::File(text));
        }
    }
    Ok(files)
}

async fn passes_its_snapshots(
    bench: &mut Workbench,
    course: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    for (lesson, exercise) in checks::select(None).map_err(anyhow::Error::msg)? {
        let program = solution(bench, lesson, exercise, progress)?;
        let snapshot = snapshot::read(course, exercise.id)?;
        let mut verdicts = Vec::new();
        while verdicts.len() < TRIES && verdicts.last() != Some(&Verdict::Passed) {
            let run = bench
                .run(&program, exercise, Seed::PUBLISHED, progress)
                .await?;
            verdicts.push(judge(exercise, &run, &snapshot).0);
        }
        if verdicts.last() != Some(&Verdict::Passed) {
            bail!(
                "the solution of {} does not pass its own snapshot ({}), which is the course's fault; \
                 `cargo test --package checks` says more",
                exercise.id,
                verdicts.last().map_or("not run", Verdict::name)
            );
        }
    }
    Ok(())
}

/// Runs every solution on a seed until two runs of it agree. What happened once may be the machine's doing, and would
/// cost others their points.
async fn expect(
    bench: &mut Workbench,
    seed: Seed,
    progress: &mut dyn FnMut(&str),
) -> Result<Expected> {
    let mut runs = BTreeMap::new();
    for (lesson, exercise) in checks::select(None).map_err(anyhow::Error::msg)? {
        let program = solution(bench, lesson, exercise, progress)?;
        let mut seen = Vec::<Run>::new();
        let agreed = loop {
            let run = bench.run(&program, exercise, seed, progress).await;
            let run = run.with_context(|| format!("run the solution of {}", exercise.id))?;
            let as_before = |old: &Run| {
                let finished = matches!(old.end, End::Finished(_));
                finished && judge(exercise, &run, &old.transcript).0 == Verdict::Passed
            };
            if seen.iter().any(as_before) {
                break run;
            }
            seen.push(run);
            if seen.len() > TRIES {
                bail!(
                    "{} runs of the solution of {} on seed {} all differ: the machine is too busy, or the course is at \
                     fault",
                    seen.len(),
                    exercise.id,
                    seed.0
                );
            }
        };
        runs.insert(exercise.id, agreed);
    }
    Ok(Expected { seed, runs })
}

fn solution(
    bench: &mut Workbench,
    lesson: &'static Lesson,
    exercise: &'static Exercise,
    progress: &mut dyn FnMut(&str),
) -> Result<Program> {
    let built = bench.build(lesson, exercise, progress)?;
    built.map_err(|errors| {
        let errors: Vec<_> = errors.into_values().flatten().collect();
        anyhow!(
            "the solution of {} does not build, which is the course's fault:\n{}",
            exercise.id,
            errors.join("\n")
        )
    })
}
