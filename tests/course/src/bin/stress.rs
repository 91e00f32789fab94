//! Whether the checks are stable: all of them, repeatedly on a busy machine, with the same verdicts and transcripts.
//!
//! A check is one program, run as one exercise on the published seed: each solution, each starter as a learner gets it,
//! and each variant (other right programs, known mistakes, mutants). Every later run of all checks is
//! compared with the first: verdict, diagnosis and transcript. Of solutions and starters that is the whole transcript, with
//! the lines that are only shown. Of a variant it is the lines that are compared: a program may send what differs from run to
//! run where no task asks about it, such as what is left of one deadline for all calls.
//!
//! Meanwhile a thread for each core computes without end, and several checks for each core run side by side, each with a
//! reference server of its own. So every process has to wait for a core, at a different point in each run.
//!
//! `cargo xtask stress` starts it. Exit codes: 0 all runs are the same, 1 one differs from the first, 2 could not run.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use build::{Progress, build_reference, workspace_root};
use catalogue::Course;
use checks::{Exercise, Judgement, Verdict, judge, snapshot};
use course::{CHANCE, LESSONS, build_programs, build_starters, left_to_chance, names};
use stage::{Program, Reference, Seed, run};
use tap::Transcript;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How many checks run side by side for each core. Many wait for something that never comes.
const CHECKS_PER_CORE: usize = 4;

/// The longest time without a line of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    match stress().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs all checks as often as the first argument says. Prints what came of it, and says whether all runs are the same.
async fn stress() -> Result<bool> {
    let runs = std::env::args().nth(1).unwrap_or_else(|| "20".to_owned());
    let runs: usize = runs
        .parse()
        .ok()
        .filter(|runs| *runs >= 2)
        .with_context(|| format!("{runs:?} is not a number of runs; 2 or more are wanted"))?;
    let begun = Instant::now();
    let root = workspace_root();
    let checks = Arc::new(all_checks(&root)?);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let server = build_reference(&root, &mut |progress| {
        if let Progress::Line(line) | Progress::Compiling(line) = progress {
            eprintln!("{line}");
        }
    })?;
    let mut references = Vec::new();
    for _ in 0..cores * CHECKS_PER_CORE {
        references.push(Arc::new(Reference::start(&server).await?));
    }
    eprintln!(
        "{} checks, {runs} runs, {cores} threads of load",
        checks.len()
    );
    let load = Load::start(cores);
    let mut first = Vec::new();
    for number in 1..=runs {
        let begun = Instant::now();
        let name = format!("run {number} of {runs}");
        let outcomes = run_all(&checks, &references, &name).await?;
        if number == 1 {
            first = outcomes;
            eprintln!("{name}: {:.0?}, {}", begun.elapsed(), count(&first));
            continue;
        }
        let differ: Vec<_> = (0..checks.len())
            .filter(|index| outcomes[*index] != first[*index])
            .collect();
        if !differ.is_empty() {
            for index in &differ {
                let check = &checks[*index].name;
                print_both(check, &first[*index], &outcomes[*index], number);
            }
            println!(
                "{name} differs from the first in {} of {} checks:",
                differ.len(),
                checks.len()
            );
            for index in differ {
                println!("  {}", checks[index].name);
            }
            return Ok(false);
        }
        eprintln!("{name}: {:.0?}, as the first", begun.elapsed());
    }
    drop(load);
    for (part, why) in CHANCE {
        let named = checks.iter().filter(|check| check.name.contains(part));
        println!(
            "The transcripts of {} programs {part}N were not compared: {why}.",
            named.count()
        );
    }
    println!(
        "{runs} runs of {} checks, {cores} cores under load: the same verdicts, diagnoses and transcripts. {:.0?}",
        checks.len(),
        begun.elapsed()
    );
    Ok(true)
}

/// One program as one exercise.
struct Check {
    name: String,
    program: Program,
    exercise: &'static Exercise,
    expected: Transcript,
}

impl Check {
    fn is_left_to_chance(&self) -> bool {
        left_to_chance(&self.name).is_some()
    }

    fn is_variant(&self) -> bool {
        self.name.contains('/')
    }
}

/// What came of a check.
#[derive(Debug, PartialEq)]
struct Outcome {
    verdict: Verdict,
    diagnosis: Option<&'static str>,
    transcript: Transcript,
}

/// Builds all programs, and returns every check that they make.
fn all_checks(root: &Path) -> Result<Vec<Check>> {
    let course = Course::read(root)?;
    let (_, starters) = build_starters(&course, "stress")?;
    let mut checks = Vec::new();
    for ((lesson, programs), starter) in LESSONS.iter().zip(build_programs(&course)?).zip(starters)
    {
        let mut all = Vec::new();
        for exercise in lesson.exercises {
            let id = exercise.id.to_owned();
            all.push((
                format!("{id}, the solution"),
                &programs.solution,
                id.clone(),
            ));
            all.push((format!("{id}, the starter"), &starter, id));
        }
        for name in names(&programs.variants)? {
            all.push((name.clone(), &programs.variants, name));
        }
        for (name, path, argument) in all {
            let id = argument.split('/').next().unwrap_or_default();
            let exercise = lesson.find(id);
            let exercise = exercise.with_context(|| format!("{name} belongs to no exercise"))?;
            checks.push(Check {
                exercise,
                expected: snapshot::read(root, lesson, exercise)?,
                program: Program {
                    path: path.clone(),
                    exercise: argument,
                },
                name,
            });
        }
    }
    Ok(checks)
}

/// Runs all checks once. Each reference server serves one check at a time, since a run that hangs is known by its
/// server being asleep.
async fn run_all(
    checks: &Arc<Vec<Check>>,
    references: &[Arc<Reference>],
    name: &str,
) -> Result<Vec<Outcome>> {
    let waiting = Arc::new(Mutex::new((0..checks.len()).collect::<VecDeque<_>>()));
    let (done, mut results) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for reference in references {
        let (checks, reference) = (checks.clone(), reference.clone());
        let (waiting, done) = (waiting.clone(), done.clone());
        let next = move || {
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.pop_front()
        };
        workers.spawn(async move {
            while let Some(index) = next() {
                let outcome = run_one(&checks[index], &reference).await;
                if done.send((index, outcome)).is_err() {
                    return;
                }
            }
        });
    }
    drop(done);
    let mut outcomes = BTreeMap::new();
    let mut last_line = Instant::now();
    loop {
        match timeout(PROGRESS_INTERVAL, results.recv()).await {
            Ok(Some((index, outcome))) => {
                let check = &checks[index].name;
                outcomes.insert(index, outcome.with_context(|| check.clone())?);
            }
            Ok(None) => break,
            // Time for a line of progress, whether a check has ended or not.
            Err(_) => {}
        }
        if last_line.elapsed() >= PROGRESS_INTERVAL {
            eprintln!("{name}: {} of {} checks", outcomes.len(), checks.len());
            last_line = Instant::now();
        }
    }
    if outcomes.len() != checks.len() {
        bail!("{name} has {} outcomes", outcomes.len());
    }
    Ok(outcomes.into_values().collect())
}

async fn run_one(check: &Check, reference: &Reference) -> Result<Outcome> {
    let scenario = check.exercise.scenario;
    let run = run(&check.program, scenario, Seed::PUBLISHED, Some(reference)).await?;
    let Judgement {
        mut verdict,
        diagnosis,
        ..
    } = judge(check.exercise, &run, &check.expected);
    let mut transcript = run.transcript;
    if check.is_left_to_chance() && verdict != Verdict::Passed {
        verdict = Verdict::Differs;
    }
    if check.is_left_to_chance() || matches!(verdict, Verdict::Crashed(_)) {
        transcript.lines.clear();
    } else if check.is_variant() {
        transcript.lines.retain(|line| line.compared);
    }
    Ok(Outcome {
        verdict,
        diagnosis: diagnosis.map(|diagnosis| diagnosis.name),
        transcript,
    })
}

/// How many checks have which verdict.
fn count(outcomes: &[Outcome]) -> String {
    let mut counts = BTreeMap::new();
    for outcome in outcomes {
        *counts.entry(outcome.verdict.name()).or_insert(0) += 1;
    }
    let counts = counts.iter().map(|(name, count)| format!("{count} {name}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// Two outcomes of one check, with the first line in which they differ.
fn print_both(check: &str, first: &Outcome, other: &Outcome, number: usize) {
    let later = format!("run {number}");
    println!("{check}");
    for (name, outcome) in [("run 1", first), (&later, other)] {
        let diagnosis = outcome.diagnosis.unwrap_or("none");
        println!("  {name}: {:?}, diagnosis: {diagnosis}", outcome.verdict);
    }
    let line = |outcome: &Outcome, index: usize| {
        let line = outcome.transcript.lines.get(index);
        line.map_or_else(|| "(nothing)".to_owned(), ToString::to_string)
    };
    let lines = first
        .transcript
        .lines
        .len()
        .max(other.transcript.lines.len());
    let differs = (0..lines).find(|index| line(first, *index) != line(other, *index));
    match differs {
        Some(index) => {
            println!("\nThe transcripts differ first in line {}:", index + 1);
            println!("  run 1: {}", line(first, index));
            println!("  {later}: {}", line(other, index));
        }
        None => println!("\nThe transcripts are the same."),
    }
    for (name, outcome) in [("run 1", first), (&later, other)] {
        println!("\nThe transcript of {name}:\n{}", outcome.transcript);
    }
}

/// Threads that compute until this value is dropped.
struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(count: usize) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let compute = |over: Arc<AtomicBool>| {
            let mut number = 1_u64;
            while !over.load(Ordering::Relaxed) {
                number = std::hint::black_box(number.wrapping_mul(3).wrapping_add(1));
            }
        };
        let threads = (0..count).map(|_| {
            let over = over.clone();
            thread::spawn(move || compute(over))
        });
        Self {
            threads: threads.collect(),
            over,
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
