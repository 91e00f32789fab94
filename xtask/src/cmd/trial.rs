//! `cargo xtask trial`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};

use anyhow::{Context, Result, anyhow, bail};
use build::{
    Batch, Entry, Outcome, Programs, Progress, Source, build_checker, build_reference,
    workspace_root,
};
use catalogue::{Course, Exercise, Lesson};
use report::{Answer, Errors, PUBLISHED_SEED, Report, Request, Verdict};
use serde_json::json;

use crate::arguments::{Given, Syntax};
use crate::checkers::Checker;
use crate::exit;
use crate::progress::Reporter;
use crate::style::{BAD, DIM, GOOD, paint};
use crate::subcommand::{Audience, Subcommand};

/// How many checks run side by side, where nothing else is said. More than there are cores: a program that hangs costs
/// seconds in which nobody computes.
const DEFAULT_CHECKERS: u64 = 4;

/// The widest row of a difference, or line of an error, that the table shows.
const SHOWN_COLUMNS: usize = 110;

pub(super) const TRIAL: Subcommand = Subcommand {
    name: "trial",
    about: "Check many files, each in the place of an exercise's: verdict, diagnosis, first difference of each",
    details: "  EXERCISE     The exercise, for example unary.4.\n  \
              FILES        Rust files, each a whole file of the learner's. Of a folder, all `.rs` files in it.\n  \
              --seed N     On other inputs, as for `check`.\n  \
              --json       For programs: a line of JSON for each file, its report with the key `file`.\n  \
              --at-once N  How many are run side by side; without it, 4.\n\n\
              For trials with programs that others wrote, for authors of exercises, and for instructors. All files are built\n\
              into one program, and run one process each. Nothing of lessons/ is touched. The exit code is 0 when all have\n\
              run, whatever came of them. A file may do whatever you may: this is no defence against hostile ones.",
    examples: &[
        "trial unary.4 mine.rs other.rs",
        "trial unary.4 answers/ --json",
    ],
    audience: Audience::Everyone,
    syntax: Syntax {
        values: &["EXERCISE", "FILES..."],
        flags: &["json"],
        options: &["seed", "at-once"],
    },
    run,
};

/// A file that is tried.
struct Candidate {
    /// Its path as it was given.
    name: String,
    text: String,
}

fn run(given: &Given) -> Result<u8> {
    let course = Course::read(&workspace_root())?;
    let id = given.value(0)?.context("an exercise")?;
    let (lesson, exercise) = course
        .find(id)
        .with_context(|| format!("there is no exercise {id}; `cargo xtask list` lists them"))?;
    let candidates = candidates(given.values()[1..].iter().map(Path::new))?;
    let at_once = given.number("at-once", 1)?.unwrap_or(DEFAULT_CHECKERS);
    let seed = given.number("seed", 0)?.unwrap_or(PUBLISHED_SEED);
    let mut trial = Trial::prepare(&course, lesson, exercise, seed)?;
    let reports = trial.reports(&candidates, at_once as usize)?;
    let columns = candidates.iter().map(|it| it.name.chars().count()).max();
    for (candidate, report) in candidates.iter().zip(&reports) {
        match given.has("json") {
            true => println!("{}", as_json(candidate, report)),
            false => print_row(candidate, report, columns.unwrap_or(0)),
        }
    }
    if !given.has("json") {
        let passed = reports.iter().filter(|it| it.verdict == Verdict::Passed);
        println!("\n{} of {} passed.", passed.count(), reports.len());
    }
    Ok(exit::PASSED)
}

/// The files that were named, those of folders included.
fn candidates<'a>(paths: impl Iterator<Item = &'a Path>) -> Result<Vec<Candidate>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = fs::read_dir(path).with_context(|| format!("list {}", path.display()))?;
            let entries: Vec<_> = entries.collect::<std::io::Result<_>>()?;
            let mut found: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
            found.retain(|path| path.extension().is_some_and(|it| it == "rs"));
            found.sort();
            if found.is_empty() {
                bail!("there is no `.rs` file in {}", path.display());
            }
            files.extend(found);
        } else {
            files.push(path.to_owned());
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|path| seen.insert(path.clone()));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path);
        Ok(Candidate {
            text: text.with_context(|| format!("read {}", path.display()))?,
            name: path.display().to_string(),
        })
    };
    files.into_iter().map(read).collect()
}

/// What the candidates of one exercise are tried with.
struct Trial<'a> {
    course: &'a Course,
    lesson: &'a Lesson,
    exercise: &'a Exercise,
    checker: PathBuf,
    seed: u64,
    /// The program of the solution, where nothing else says what is expected on the seed.
    solution: Option<PathBuf>,
    reporter: Reporter,
}

impl<'a> Trial<'a> {
    /// Builds the checker.
    fn prepare(
        course: &'a Course,
        lesson: &'a Lesson,
        exercise: &'a Exercise,
        seed: u64,
    ) -> Result<Self> {
        let mut reporter = Reporter::new();
        let mut progress = |event| reporter.report(event);
        let checker = build_checker(course, lesson, &mut progress)?;
        let solution = match seed {
            PUBLISHED_SEED => None,
            _ => Some(solution(course, lesson, exercise, &mut progress)?),
        };
        reporter.wipe();
        Ok(Self {
            course,
            lesson,
            exercise,
            checker,
            seed,
            solution,
            reporter,
        })
    }

    /// Builds and checks the candidates. The reports come in their order.
    fn reports(&mut self, candidates: &[Candidate], at_once: usize) -> Result<Vec<Report>> {
        let entries: Vec<_> = candidates
            .iter()
            .map(|candidate| Entry {
                exercise: self.exercise,
                name: &candidate.name,
                text: &candidate.text,
            })
            .collect();
        let reporter = &mut self.reporter;
        let mut progress = |event| reporter.report(event);
        let batch = Batch::build(self.course, self.lesson, &entries, &mut progress)?;
        let first = Checker::start(&self.checker)?;
        let reference = match first.needs_reference(&self.exercise.id) {
            true => Some(build_reference(&self.course.root, &mut progress)?),
            false => None,
        };
        self.reporter.wipe();
        let mut reports = Vec::new();
        let mut requests = Vec::new();
        for (index, (candidate, outcome)) in candidates.iter().zip(&batch.outcomes).enumerate() {
            match outcome {
                Outcome::Errors(errors) => {
                    let errors = Errors::from([(candidate.name.clone(), errors.clone())]);
                    let verdict = Verdict::DoesNotBuild(errors);
                    reports.push((
                        index,
                        Report::without_run(&self.exercise.id, self.seed, verdict),
                    ));
                }
                Outcome::Program { path, name, .. } => requests.push((
                    index,
                    Request {
                        exercise: self.exercise.id.clone(),
                        program: path.clone(),
                        variant: Some(name.clone()),
                        course: self.course.root.clone(),
                        reference: reference.clone(),
                        record: false,
                        seed: self.seed,
                        solution: self.solution.clone(),
                    },
                )),
            }
        }
        let mut checkers = vec![first];
        while checkers.len() < at_once.min(requests.len()) {
            checkers.push(Checker::start(&self.checker)?);
        }
        reports.extend(ask(checkers, requests)?);
        reports.sort_by_key(|(index, _)| *index);
        let mut reports: Vec<_> = reports.into_iter().map(|(_, report)| report).collect();
        for ((candidate, outcome), report) in
            candidates.iter().zip(&batch.outcomes).zip(&mut reports)
        {
            if let Outcome::Program { file, .. } = outcome {
                name_file(report, file, &candidate.name);
            }
        }
        Ok(reports)
    }
}

/// Builds the solution of an exercise.
fn solution(
    course: &Course,
    lesson: &Lesson,
    exercise: &Exercise,
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf> {
    let mut programs = Programs::new(course)?;
    let program = programs.program(lesson, exercise, Source::Solutions, progress)?;
    let program = program.map_err(|_| anyhow!("the solution of {} does not build", exercise.id));
    program.map(|program| program.path)
}

/// Has a report name the candidate's own file, and not the one that was built.
fn name_file(report: &mut Report, built: &str, own: &str) {
    if let Some(message) = &mut report.failure_message {
        *message = message.replace(built, own);
    }
    if let Some(diagnosis) = &mut report.diagnosis {
        diagnosis.seen = diagnosis.seen.replace(built, own);
    }
    if let Verdict::Unfinished { file, .. } = &mut report.verdict {
        *file = file.replace(built, own);
    }
}

/// Has the checkers answer the requests, each the next one as soon as it has answered its last.
fn ask(checkers: Vec<Checker>, requests: Vec<(usize, Request)>) -> Result<Vec<(usize, Report)>> {
    let queue = Mutex::new(requests.into_iter());
    let (sender, answers) = mpsc::channel();
    std::thread::scope(|scope| {
        for mut checker in checkers {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, request)) = next else { return };
                    let report = report(checker.ask(&request), &request);
                    let failed = report.is_err();
                    let _ = sender.send(report.map(|report| (index, report)));
                    if failed {
                        return;
                    }
                }
            });
        }
        drop(sender);
        answers.into_iter().collect()
    })
}

fn report(answer: Result<Answer>, request: &Request) -> Result<Report> {
    let name = || request.variant.clone().unwrap_or_default();
    match answer.with_context(|| format!("check {}", name()))? {
        Answer::Report(report) => Ok(*report),
        Answer::Fault { fault, .. } => bail!("{} cannot be checked: {fault}", name()),
    }
}

fn as_json(candidate: &Candidate, report: &Report) -> serde_json::Value {
    let mut value = report.to_json();
    value["file"] = json!(candidate.name);
    value
}

fn print_row(candidate: &Candidate, report: &Report, columns: usize) {
    let style = match report.verdict {
        Verdict::Passed => &GOOD,
        _ => &BAD,
    };
    let diagnosis = report.diagnosis.as_ref().map_or("", |it| &it.name);
    println!(
        "{:columns$}  {}  {diagnosis}",
        candidate.name,
        paint(style, &format!("{:14}", report.verdict.name()))
    );
    let seen = report.diagnosis.iter().map(|it| it.seen.clone());
    for line in seen.chain(summary(report)) {
        let line: String = line.chars().take(SHOWN_COLUMNS).collect();
        println!("    {}", paint(&DIM, &line));
    }
}

/// What there is to see of a file that did not pass, in short: its first error, or its message and the first row that
/// differs.
fn summary(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Verdict::DoesNotBuild(errors) = &report.verdict {
        let first = errors.values().flatten().next();
        lines.extend(
            first
                .into_iter()
                .flat_map(|text| text.lines().take(2))
                .map(str::to_owned),
        );
    }
    if report.verdict != Verdict::Passed {
        lines.extend(report.failure_message.clone());
    }
    if let Some(row) = report.difference.iter().find(|row| !row.same) {
        let text = |line: &Option<report::Line>| match line {
            Some(line) => line.text.clone(),
            None => "nothing".to_owned(),
        };
        lines.push(format!("expected  {}", text(&row.expected)));
        lines.push(format!("actual    {}", text(&row.actual)));
    }
    lines
}
