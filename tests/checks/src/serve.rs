//! The program of a checker: requests in, reports out, a line of JSON each.
//!
//! It runs until its input ends, and keeps the reference server running between two checks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use report::{Answer, Hello, HelloExercise, PUBLISHED_SEED, Request};
use stage::{Program, Reference, Seed};
use tokio::runtime::Runtime;

use crate::check::{check, check_by_solution, record};
use crate::lesson::Lesson;

/// The exit code of a checker whose input or output is broken, or whose request is not one.
const FAULT_EXIT: u8 = 2;

// The command line goes by the one, the snapshots are recorded on the other.
const _: () = assert!(PUBLISHED_SEED == Seed::PUBLISHED.0);

/// The whole program.
pub fn main(lesson: &'static Lesson) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let served = runtime
        .context("start the runtime")
        .and_then(|runtime| serve(lesson, &runtime));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(FAULT_EXIT)
        }
    }
}

/// Answers requests, one after the other, until the input ends. Reading it blocks the thread: between two
/// checks there is nothing else to do.
fn serve(lesson: &'static Lesson, runtime: &Runtime) -> Result<()> {
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
    for line in std::io::stdin().lines() {
        let request = Request::parse(&line.context("read a request")?)?;
        let answer = answer(lesson, &request, &mut server);
        let answer = match runtime.block_on(answer) {
            Ok(answer) => answer,
            Err(error) => Answer::Fault {
                exercise: request.exercise,
                fault: format!("{error:#}"),
            },
        };
        write(&answer.to_json().to_string())?;
    }
    Ok(())
}

fn write(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .context("write an answer")
}

async fn answer(lesson: &Lesson, request: &Request, server: &mut Server) -> Result<Answer> {
    let exercise = lesson.find(&request.exercise);
    let exercise = exercise.with_context(|| format!("it is not an exercise of {}", lesson.name))?;
    let reference = match &request.reference {
        Some(program) if exercise.needs_reference() => Some(server.running(program).await?),
        _ => None,
    };
    let program_at = |path: &Path, name: &String| Program {
        path: path.to_owned(),
        exercise: name.clone(),
    };
    let name = request.variant.as_ref().unwrap_or(&request.exercise);
    let program = program_at(&request.program, name);
    let course = &request.course;
    let seed = match request.record {
        true => Seed::PUBLISHED,
        false => Seed(request.seed),
    };
    let checked = if request.record {
        record(course, lesson, exercise, &program, reference).await?
    } else if seed == Seed::PUBLISHED {
        check(course, lesson, exercise, &program, reference).await?
    } else {
        let solution = request.solution.as_deref();
        let solution = solution.context("a seed that is not published needs `solution`")?;
        let solution = program_at(solution, &request.exercise);
        check_by_solution(exercise, &program, &solution, seed, reference).await?
    };
    Ok(Answer::Report(Box::new(checked.report(exercise, seed))))
}

/// The reference server that runs, if one does, and its program.
#[derive(Default)]
struct Server(Option<(PathBuf, Reference)>);

impl Server {
    /// The running server of this program.
    async fn running(&mut self, program: &Path) -> Result<&Reference> {
        let running = match &mut self.0 {
            Some((path, reference)) => path == program && reference.runs(),
            None => false,
        };
        if !running {
            let reference = Reference::start(program).await;
            let reference = reference.context("start the reference server")?;
            self.0 = Some((program.to_owned(), reference));
        }
        let reference = self.0.as_ref().map(|(_, reference)| reference);
        reference.context("the reference server was not kept")
    }
}
