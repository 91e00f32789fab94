//! A grading round: its fresh seed, and what is expected on it and on the published one.
//!
//! All of it is read, drawn and run before the first submission is built, and kept in memory: what a submission does to the
//! course's files or to the round's changes no grade.
//!
//! Answers that are written down for the published seed are worth nothing on another. Which other one is drawn anew for
//! every round and kept beside the results, so that an interrupted round goes on with the same.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use checks::{Transcript, snapshot};
use serde::{Deserialize, Serialize};

use crate::class::Event;
use crate::exercises::{self, Exercise, Lesson};
use crate::output;
use crate::result::{SCHEMA, Verdict, seed_text};
use crate::solutions::Solutions;
use crate::submission::{Files, SubmittedFile};
use crate::workbench::{Built, Program, Run, Seed, Workbench, has_finished};

/// How many seeds are drawn before the course is at fault. One in many makes documents that are not fit to be printed.
const MAX_SEEDS_DRAWN: usize = 5;

/// How often a solution is run before the course is at fault: the machine may be busy with other things.
const MAX_SOLUTION_RUNS: usize = 4;

/// What is kept of a round beside its results.
#[derive(Debug, Serialize, Deserialize)]
struct RoundFile {
    schema: u32,
    #[serde(with = "seed_text")]
    seed: u64,
}

/// The seed of the round whose results are in this folder, if there is one.
pub(crate) fn kept_seed(out: &Path) -> Option<Seed> {
    let round: RoundFile = output::read_json(&output::round_path(out))?;
    (round.schema == SCHEMA).then_some(Seed(round.seed))
}

/// Keeps a round's seed for the next call.
///
/// # Errors
///
/// When the folder cannot be written.
pub(crate) fn keep_seed(out: &Path, seed: Seed) -> Result<()> {
    let round = RoundFile {
        schema: SCHEMA,
        seed: seed.0,
    };
    output::write_json(&output::round_path(out), &round)
}

/// What is expected of every exercise in a round.
pub(crate) struct Expected {
    /// The fresh seed.
    pub(crate) seed: Seed,
    /// The snapshots, by exercise.
    published: Transcripts,
    /// What the solutions do on the fresh seed, by exercise.
    fresh: Transcripts,
    /// The solutions' programs.
    pub(crate) solutions: Solutions,
}

type Transcripts = BTreeMap<&'static str, Transcript>;

impl Expected {
    /// What is expected of an exercise on the published seed or on the fresh one.
    pub(crate) fn of(&self, exercise: &Exercise, seed: Seed) -> Result<&Transcript> {
        let transcripts = match seed {
            Seed::PUBLISHED => &self.published,
            _ => &self.fresh,
        };
        let transcript = transcripts.get(exercise.id);
        transcript.with_context(|| format!("nothing is expected of {}", exercise.id))
    }
}

/// Runs the solutions on this seed, or on one that is drawn. They must pass here as they do in the course's tests: a
/// fault of the course must not be found at a submission's cost.
///
/// # Errors
///
/// When the course is at fault, or cargo cannot be run.
pub(crate) async fn prepare(
    bench: &mut Workbench,
    course: &Path,
    seed: Option<Seed>,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<Expected> {
    let mut published = Transcripts::new();
    for (_, exercise) in exercises::all() {
        let snapshot = snapshot::read(course, exercise.lesson, exercise.check)?;
        published.insert(exercise.id, snapshot);
    }
    bench.install(&files(course)?, events)?;
    let mut solutions = Solutions::new(bench.solutions_folder());
    for (lesson, exercise) in exercises::all() {
        let program = build_solution(bench, lesson, exercise, events)?;
        solutions.keep(exercise, &program)?;
    }
    check_snapshots(bench, &solutions, &published, events).await?;
    let (seed, fresh) = match seed {
        Some(seed) => (seed, expect(bench, &solutions, seed, events).await?),
        None => drawn(bench, &solutions, events).await?,
    };
    Ok(Expected {
        seed,
        published,
        fresh,
        solutions,
    })
}

/// A seed that is drawn, and what the solutions do on it.
async fn drawn(
    bench: &mut Workbench,
    solutions: &Solutions,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<(Seed, Transcripts)> {
    let mut last = None;
    for _ in 0..MAX_SEEDS_DRAWN {
        let seed = draw_seed()?;
        match expect(bench, solutions, seed, events).await {
            Ok(fresh) => return Ok((seed, fresh)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.context("no seed was drawn")?)
}

/// A seed that nobody can guess before the round: 64 bits of the operating system's randomness.
fn draw_seed() -> Result<Seed> {
    loop {
        let seed = getrandom::u64().map_err(|error| anyhow!("draw a seed: {error}"))?;
        if Seed(seed) != Seed::PUBLISHED {
            return Ok(Seed(seed));
        }
    }
}

/// The solutions, as if they were handed in.
fn files(course: &Path) -> Result<Files> {
    exercises::all()
        .map(|(lesson, exercise)| {
            let text = exercises::solution(course, lesson, exercise)?;
            Ok((exercise.id.to_owned(), SubmittedFile::Text(text)))
        })
        .collect()
}

/// Runs every solution on the published seed.
async fn check_snapshots(
    bench: &mut Workbench,
    solutions: &Solutions,
    published: &Transcripts,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<()> {
    for (_, exercise) in exercises::all() {
        let program = solutions.program(exercise)?;
        let mut runs = 0;
        loop {
            let run = bench
                .run(&program, exercise, Seed::PUBLISHED, events)
                .await?;
            let expected = &published[exercise.id];
            let verdict = bench.judge(exercise, &run, expected).verdict;
            if verdict == Verdict::Passed {
                break;
            }
            runs += 1;
            if runs == MAX_SOLUTION_RUNS {
                bail!(
                    "the solution of {} does not pass its own snapshot ({verdict}), which is the course's fault; \
                     `cargo test --package checks` says more",
                    exercise.id
                );
            }
        }
    }
    Ok(())
}

/// Runs every solution on a seed until two of its runs agree. What happened once may be the machine's doing, and would
/// cost others their points.
async fn expect(
    bench: &mut Workbench,
    solutions: &Solutions,
    seed: Seed,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<Transcripts> {
    let mut transcripts = Transcripts::new();
    for (_, exercise) in exercises::all() {
        let program = solutions.program(exercise)?;
        let mut seen = Vec::<Run>::new();
        let agreed = 'runs: loop {
            let run = bench.run(&program, exercise, seed, events).await;
            let run = run.with_context(|| format!("run the solution of {}", exercise.id))?;
            for old in seen.iter().filter(|old| has_finished(old)) {
                let judgement = bench.judge(exercise, &run, &old.transcript);
                if judgement.verdict == Verdict::Passed {
                    break 'runs run;
                }
            }
            seen.push(run);
            if seen.len() == MAX_SOLUTION_RUNS {
                bail!(
                    "{} runs of the solution of {} on seed {} all differ: the machine is too busy, or the course is at \
                     fault",
                    seen.len(),
                    exercise.id,
                    seed.0
                );
            }
        };
        transcripts.insert(exercise.id, agreed.transcript);
    }
    Ok(transcripts)
}

fn build_solution(
    bench: &mut Workbench,
    lesson: &'static Lesson,
    exercise: &'static Exercise,
    events: &mut dyn FnMut(Event<'_>),
) -> Result<Program> {
    match bench.build(lesson, exercise, events)? {
        Built::Program(program) => Ok(program),
        Built::Errors(errors) => bail!(
            "the solution of {} does not build, which is the course's fault:\n{}",
            exercise.id,
            errors.join("\n")
        ),
    }
}
