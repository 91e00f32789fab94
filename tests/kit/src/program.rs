//! A lesson program's `main`: which exercise, on which inputs, and how it ended.

use std::pin::Pin;
use std::process::ExitCode;

use proto::control::v1::{Finished, Hello, from_program, to_program};

use crate::control;
use crate::protocol::STAGE;
use crate::session::Session;

/// An exercise while it runs.
pub type Run = Pin<Box<dyn Future<Output = Result<(), crate::Error>> + Send>>;

/// An exercise: its name, such as `"unary.1"`, and how it is run.
pub type Exercise = (&'static str, fn(Session) -> Run);

/// Runs the exercise that the command line names, for the stage that the environment names.
///
/// Exit code 0: the exercise's function returned. 1: it returned an error. 2: the program was not started by a stage.
/// 3: it reached a gap. None of them is a verdict.
pub fn main(exercises: &[Exercise]) -> ExitCode {
    match run(exercises) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(error)) => {
            eprintln!("the exercise failed: {error}");
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// `Ok(Some(..))`: the exercise ran and failed.
fn run(exercises: &[Exercise]) -> Result<Option<String>, String> {
    let names = || {
        exercises
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = std::env::args().nth(1);
    if name.as_deref() == Some("--list") {
        exercises.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(None);
    }
    let Some(stage) = std::env::var_os(STAGE) else {
        // All exercises of a program are of one lesson, whose name is in front of the point.
        let lesson = exercises.first().map_or("", |(name, _)| name);
        let lesson = lesson.split('.').next().unwrap_or_default();
        return Err(format!(
            "a check starts this program and tells it what to do; run `cargo xtask check {}` instead",
            name.as_deref().unwrap_or(lesson)
        ));
    };
    let stage = stage
        .into_string()
        .map_err(|_| format!("{STAGE} is not UTF-8"))?;
    let name = name.ok_or_else(|| format!("which exercise? This program has {}", names()))?;
    let exercise = exercises.iter().find(|(own, _)| *own == name);
    let (_, start) =
        exercise.ok_or_else(|| format!("no exercise {name} here, only {}", names()))?;

    let mut words =
        control::dial(&stage).map_err(|error| format!("dial the stage at {stage}: {error}"))?;
    control::report_panics();
    control::send(from_program::Kind::Hello(Hello { exercise: name }));
    let Some(to_program::Kind::Task(task)) = words.blocking_recv() else {
        return Err("the stage hung up before it gave a task".to_owned());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(
            task.settings
                .get("worker_threads")
                .and_then(|count| count.parse().ok())
                .unwrap_or(2),
        )
        .enable_all()
        .build()
        .map_err(|error| format!("start the runtime: {error}"))?;
    let error = runtime
        .block_on(start(Session::new(task, words)))
        .err()
        .map(|error| chain(&*error));
    control::send(from_program::Kind::Finished(Finished {
        error: error.clone().unwrap_or_default(),
    }));
    // A task that the exercise left behind must not keep the program alive.
    runtime.shutdown_background();
    Ok(error)
}

/// An error and its causes on one line. A cause that its error repeats already is left out.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let own = error.to_string();
        if !text.contains(&own) {
            text = format!("{text}: {own}");
        }
        cause = error.source();
    }
    text
}
