//! Building the mutants of exercises, and trying them.
//!
//! Those of one exercise are one program. While one is built, those of the exercises before it run, several at a time,
//! since a mutant that hangs costs seconds in which nobody computes.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use build::{Batch, Entry, Outcome, Progress, build_reference};
use catalogue::{Course, plain_lines};
use checks::{Judgement, Verdict, judge, snapshot};
use stage::{Program, Reference, Seed};
use tap::Transcript;
use tokio::sync::{Mutex, OnceCell, mpsc};
use tokio::task::JoinSet;

use crate::mutant::{Mutant, of};
use crate::survivors::Survivors;
use crate::tally::{Fate, Tally, Tried};

/// The seeds on which a mutant is tried: the published one, and where it passes on that, two that no snapshot knows.
const SEEDS: [Seed; 3] = [Seed::PUBLISHED, Seed(20_26), Seed(7_919)];

/// The name of the solution among the mutants of its exercise.
const SOLUTION: &str = "solution";

/// What is tried, and how.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The ids of the exercises. Empty: all.
    pub exercises: Vec<String>,
    /// How many programs run side by side, each with a reference server of its own.
    pub at_once: usize,
}

/// The mutants of one exercise, built.
struct Built {
    lesson: &'static checks::Lesson,
    exercise: &'static checks::Exercise,
    mutants: Vec<Mutant>,
    batch: Batch,
    course: PathBuf,
    /// What is expected on each of the seeds.
    expected: [OnceCell<Transcript>; SEEDS.len()],
}

/// A mutant that is to be tried: its place among the exercises, and among their mutants.
struct Job {
    built: Arc<Built>,
    place: (usize, usize),
}

/// Builds and tries the mutants of exercises. The tallies come in the course's order. `progress` is told what happens
/// meanwhile.
///
/// # Errors
///
/// When there is no such exercise, or the course or the machine is at fault.
pub async fn run(
    course: &Course,
    suite: &Suite,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<Vec<Tally>> {
    let ids = chosen(course, suite)?;
    let server = build_reference(&course.root, &mut |event| report(&progress, event))?;
    let (sender, jobs) = mpsc::unbounded_channel();
    let jobs = Arc::new(Mutex::new(jobs));
    let building = {
        let course = course.clone();
        tokio::task::spawn_blocking(move || build_all(&course, &ids, &sender, &progress))
    };
    let mut workers = JoinSet::new();
    for _ in 0..suite.at_once {
        let reference = Reference::start(&server).await?;
        let jobs = jobs.clone();
        workers.spawn(async move { work(&jobs, &reference).await });
    }
    let mut fates = Vec::new();
    while let Some(done) = workers.join_next().await {
        fates.extend(done.context("a worker panicked")??);
    }
    let mut tallies = building.await.context("the builder panicked")??;
    for ((exercise, mutant), fate) in fates {
        tallies[exercise].tried[mutant].fate = fate;
    }
    Ok(tallies)
}

/// The ids of the exercises, in the course's order.
fn chosen(course: &Course, suite: &Suite) -> Result<Vec<String>> {
    for id in &suite.exercises {
        course
            .find(id)
            .with_context(|| format!("there is no exercise {id}"))?;
    }
    let all = course.exercises().map(|(_, exercise)| exercise.id.clone());
    let is_chosen = |id: &String| suite.exercises.is_empty() || suite.exercises.contains(id);
    Ok(all.filter(is_chosen).collect())
}

/// Builds the mutants of each exercise, and sends them to be tried. In the tallies all did not build yet.
fn build_all(
    course: &Course,
    ids: &[String],
    jobs: &mpsc::UnboundedSender<Job>,
    progress: &dyn Fn(&str),
) -> Result<Vec<Tally>> {
    let mut tallies = Vec::new();
    for id in ids {
        let (lesson, exercise) = course.find(id).context("it was found before")?;
        let path = exercise.path.join("solution.rs");
        let solution = fs::read_to_string(&path).map(|text| plain_lines(&text));
        let solution = solution.with_context(|| format!("read {}", path.display()))?;
        let mutants = of(&solution).with_context(|| path.display().to_string())?;
        let entry = |name, text| Entry {
            exercise,
            name,
            text,
        };
        let mut entries = vec![entry(SOLUTION, solution.as_str())];
        entries.extend(
            mutants
                .iter()
                .map(|it| entry(it.name.as_str(), it.text.as_str())),
        );
        let batch = Batch::build(course, lesson, &entries, &mut |event| {
            report(progress, event)
        })?;
        let programs = batch.outcomes[1..].iter();
        let programs = programs.filter(|it| matches!(it, Outcome::Program { .. }));
        progress(&format!(
            "{id}: {} of {} mutants build",
            programs.count(),
            mutants.len()
        ));
        let tried = mutants.iter().map(|mutant| Tried {
            mutant: mutant.clone(),
            fate: Fate::DidNotBuild,
        });
        let place = tallies.len();
        tallies.push(Tally {
            exercise: id.clone(),
            tried: tried.collect(),
            listed: Survivors::read(&exercise.path)?,
        });
        let (lesson, exercise) = course::find(id).with_context(|| format!("{id} has no check"))?;
        let built = Arc::new(Built {
            lesson,
            exercise,
            mutants,
            batch,
            course: course.root.clone(),
            expected: Default::default(),
        });
        for mutant in 0..built.mutants.len() {
            if built.program(mutant + 1).is_some() {
                let built = built.clone();
                // Whoever tries them has failed, and says so.
                let _ = jobs.send(Job {
                    built,
                    place: (place, mutant),
                });
            }
        }
    }
    Ok(tallies)
}

fn report(progress: &dyn Fn(&str), event: Progress) {
    if let Progress::Line(line) = event {
        progress(&line);
    }
}

/// Tries mutants until there are no more.
async fn work(
    jobs: &Mutex<mpsc::UnboundedReceiver<Job>>,
    reference: &Reference,
) -> Result<Vec<((usize, usize), Fate)>> {
    let mut fates = Vec::new();
    loop {
        // Whoever holds the lock waits for the next job, and the others wait for the lock.
        let job = jobs.lock().await.recv().await;
        let Some(Job { built, place }) = job else {
            return Ok(fates);
        };
        let mutant = &built.mutants[place.1];
        let fate = built.fate(place.1 + 1, reference).await;
        let fate = fate.with_context(|| format!("{}/{}", built.exercise.id, mutant.name))?;
        fates.push((place, fate));
    }
}

impl Built {
    /// The program of an entry. The solution is the first.
    fn program(&self, entry: usize) -> Option<Program> {
        match &self.batch.outcomes[entry] {
            Outcome::Program { path, name, .. } => Some(Program {
                path: path.clone(),
                exercise: name.clone(),
            }),
            Outcome::Errors(_) => None,
        }
    }

    async fn fate(&self, entry: usize, reference: &Reference) -> Result<Fate> {
        for (index, seed) in SEEDS.into_iter().enumerate() {
            let judgement = self.judged(entry, index, reference).await?;
            if judgement.verdict != Verdict::Passed {
                return Ok(Fate::Killed {
                    verdict: judgement.verdict.name(),
                    diagnosis: judgement.diagnosis.map(|diagnosis| diagnosis.name),
                    only_on_other_seeds: seed != Seed::PUBLISHED,
                });
            }
        }
        Ok(Fate::Passed)
    }

    async fn judged(&self, entry: usize, seed: usize, reference: &Reference) -> Result<Judgement> {
        let expected = self.expected[seed]
            .get_or_try_init(|| self.expected(seed, reference))
            .await?;
        let run = self.run(entry, SEEDS[seed], reference).await?;
        Ok(judge(self.exercise, &run, expected))
    }

    async fn expected(&self, seed: usize, reference: &Reference) -> Result<Transcript> {
        match SEEDS[seed] {
            Seed::PUBLISHED => snapshot::read(&self.course, self.lesson, self.exercise),
            seed => Ok(self.run(0, seed, reference).await?.transcript),
        }
    }

    async fn run(&self, entry: usize, seed: Seed, reference: &Reference) -> Result<stage::Run> {
        let program = self.program(entry);
        let program = program.ok_or_else(|| anyhow!("the solution does not build"))?;
        stage::run(&program, self.exercise.scenario, seed, Some(reference)).await
    }
}
