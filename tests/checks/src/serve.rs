//! The program of a checker: requests in, reports out, a line of JSON each.
//!
//! It runs until its input ends, and keeps the reference server running between two checks. A check that is under way
//! when the input ends, or when a signal comes, is given up, and what was started for it is ended: nobody waits for its
//! report any more.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use report::{Answer, Hello, HelloExercise, PUBLISHED_SEED, Request};
use stage::{Program, Reference, Seed};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use crate::check::{Checked, check, check_by_solution, record};
use crate::lesson::{Exercise, Lesson};
use crate::server::Server;

/// The exit code of a checker whose input or output is broken, or whose request is not one.
const FAULT_EXIT: u8 = 2;

/// The exit code of a checker that a signal has ended.
const SIGNAL_EXIT: u8 = 3;

// The command line goes by the one, the snapshots are recorded on the other.
const _: () = assert!(PUBLISHED_SEED == Seed::PUBLISHED.0);

/// The whole program.
pub fn main(lesson: &'static Lesson) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = runtime
        .context("start the runtime")
        .and_then(|runtime| runtime.block_on(until_stopped(lesson)));
    match served {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(FAULT_EXIT)
        }
    }
}

/// Answers requests until the input ends or a signal comes. What is under way then is dropped, and ends its processes.
async fn until_stopped(lesson: &'static Lesson) -> Result<ExitCode> {
    // Before this, a signal ends the process at once; nothing has been started then.
    let mut signals = Signals::watch().context("watch for signals")?;
    let mut input = Input::read().context("read requests")?;
    let mut ended = input.ended.clone();
    tokio::select! {
        served = serve(lesson, &mut input) => served.map(|()| ExitCode::SUCCESS),
        _ = ended.wait_for(|ended| *ended) => Ok(ExitCode::SUCCESS),
        () = signals.next() => Ok(ExitCode::from(SIGNAL_EXIT)),
    }
}

/// Answers requests, one after the other.
async fn serve(lesson: &'static Lesson, input: &mut Input) -> Result<()> {
    let exercises = lesson.exercises.iter().map(|exercise| HelloExercise {
        exercise: exercise.id.to_owned(),
        reference: exercise.needs_reference(),
    });
    let hello = Hello {
        lesson: lesson.name.to_owned(),
        exercises: exercises.collect(),
    };
    write(&hello.to_json().to_string())?;
    let mut server = Server::default();
    while let Some(line) = input.lines.recv().await {
        let request = Request::parse(&line.context("read a request")?)?;
        let answer = answer(lesson, &request, &mut server).await;
        let answer = answer.unwrap_or_else(|error| Answer::Fault {
            exercise: request.exercise,
            fault: format!("{error:#}"),
        });
        write(&answer.to_json().to_string())?;
    }
    Ok(())
}

fn write(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .context("write an answer")
}

async fn answer(lesson: &Lesson, request: &Request, server: &mut Server) -> Result<Answer> {
    let exercise = lesson.find(&request.exercise);
    let exercise = exercise.with_context(|| format!("it is not an exercise of {}", lesson.name))?;
    let checked = match &request.reference {
        Some(program) if exercise.needs_reference() => {
            let run = async |reference: &Reference| {
                checked(lesson, exercise, request, Some(reference)).await
            };
            server.with(program, run).await?
        }
        _ => checked(lesson, exercise, request, None).await?,
    };
    let seed = seed(request);
    Ok(Answer::Report(Box::new(checked.report(exercise, seed))))
}

/// The seed of a request. What is recorded is always that of the published one.
fn seed(request: &Request) -> Seed {
    match request.record {
        true => Seed::PUBLISHED,
        false => Seed(request.seed),
    }
}

async fn checked(
    lesson: &Lesson,
    exercise: &'static Exercise,
    request: &Request,
    reference: Option<&Reference>,
) -> Result<Checked> {
    let program_at = |path: &Path, name: &String| Program {
        path: path.to_owned(),
        exercise: name.clone(),
    };
    let name = request.variant.as_ref().unwrap_or(&request.exercise);
    let program = program_at(&request.program, name);
    let course = &request.course;
    let seed = seed(request);
    if request.record {
        return record(course, lesson, exercise, &program, reference).await;
    }
    if seed == Seed::PUBLISHED {
        return check(course, lesson, exercise, &program, reference).await;
    }
    let solution = request.solution.as_deref();
    let solution = solution.context("a seed that is not published needs `solution`")?;
    let solution = program_at(solution, &request.exercise);
    check_by_solution(exercise, &program, &solution, seed, reference).await
}

/// The lines of standard input, which are read also while a check is under way: else nobody would notice that whoever
/// asked for it has gone.
struct Input {
    lines: UnboundedReceiver<io::Result<String>>,
    /// Whether the input has ended.
    ended: watch::Receiver<bool>,
}

impl Input {
    fn read() -> io::Result<Self> {
        let (line, lines) = unbounded_channel();
        let (end, ended) = watch::channel(false);
        // A thread of its own, for which the process does not wait at its end: reading standard input cannot be given up.
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || {
                for read in io::stdin().lines() {
                    // It fails where the program is about to end.
                    let _ = line.send(read);
                }
                let _ = end.send(true);
            })?;
        Ok(Self { lines, ended })
    }
}

/// The signals that end a program which somebody waits for: from the keyboard, from a terminal that closes, from a
/// system that shuts down.
struct Signals([Signal; 3]);

impl Signals {
    fn watch() -> io::Result<Self> {
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::hangup())?,
            signal(SignalKind::terminate())?,
        ]))
    }

    /// Waits for the first.
    async fn next(&mut self) {
        let [interrupt, hangup, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}
