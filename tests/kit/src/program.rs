//! A lesson program's `main`: which exercise, on which inputs, and how it ended.

use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;

use proto::control::v1::{Finished, Hello, Task, from_program, to_program};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::protocol::STAGE_VARIABLE;
use crate::session::Session;
use crate::{control, gate, orphan};

/// An exercise while it runs.
pub type Run = Pin<Box<dyn Future<Output = Result<(), crate::Error>> + Send>>;

/// How an exercise is started.
pub type Start = fn(Session) -> Run;

/// An exercise: its name, such as `"unary.1"`, and how it is run.
pub type Exercise = (&'static str, Start);

/// Runs the exercise that the command line names, for the stage that the environment names.
///
/// Exit code 0: the exercise's function returned. 1: it returned an error. 2: the program was not started by a stage.
/// 4: the stage hung up. None of them is a verdict.
pub fn main(exercises: &[Exercise]) -> ExitCode {
    let named = exercises.iter().map(|(name, start)| (*name, *start));
    exit(run(&named.collect::<Vec<_>>()))
}

/// As [`main`], for programs whose exercises have composed names.
pub(crate) fn main_of(exercises: &[(String, Start)]) -> ExitCode {
    let named = exercises
        .iter()
        .map(|(name, start)| (name.as_str(), *start));
    exit(run(&named.collect::<Vec<_>>()))
}

fn exit(outcome: Result<Option<String>, String>) -> ExitCode {
    match outcome {
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

/// `Ok(Some(..))`: the exercise ran and failed. `Err(..)`: none ran.
fn run(exercises: &[(&str, Start)]) -> Result<Option<String>, String> {
    let name = std::env::args().nth(1);
    if name.as_deref() == Some("--list") {
        exercises.iter().for_each(|(name, _)| println!("{name}"));
        return Ok(None);
    }
    let Some(stage) = std::env::var_os(STAGE_VARIABLE) else {
        // All exercises of a program are of one lesson, whose name is in front of the point.
        let lesson = exercises.first().map_or("", |(name, _)| name);
        let lesson = lesson.split('.').next().unwrap_or_default();
        return Err(format!(
            "a check starts this program and tells it what to do; run `cargo xtask check {}` instead",
            name.as_deref().unwrap_or(lesson)
        ));
    };
    let names = || {
        let names: Vec<_> = exercises.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    };
    let name = name.ok_or_else(|| format!("which exercise? This program has {}", names()))?;
    let exercise = exercises.iter().find(|(known, _)| *known == name);
    let (_, start) =
        exercise.ok_or_else(|| format!("no exercise {name} here, only {}", names()))?;
    let (task, inbox) = receive_task(Path::new(&stage), name)?;
    run_exercise(*start, task, inbox)
}

/// Dials the stage, says which exercise this is, and waits for its task. All later messages arrive in the inbox.
fn receive_task(
    stage: &Path,
    exercise: String,
) -> Result<(Task, UnboundedReceiver<to_program::Kind>), String> {
    // Unbounded, so that the thread that reads never waits. The stage is trusted, and sends a handful of messages.
    let (sender, mut inbox) = unbounded_channel();
    let on_message = move |message| match message {
        to_program::Kind::Release(release) => gate::open(release.gate),
        // It fails where nobody reads the inbox any more. Gates are opened all the same.
        message => drop(sender.send(message)),
    };
    control::dial(stage, on_message, orphan::exit)
        .map_err(|error| format!("dial the stage at {}: {error}", stage.display()))?;
    control::report_panics();
    control::send(from_program::Kind::Hello(Hello { exercise }));
    let Some(to_program::Kind::Task(task)) = inbox.blocking_recv() else {
        return Err("the stage hung up before it gave a task".to_owned());
    };
    Ok((task, inbox))
}

/// Runs an exercise to its end, and tells the stage. `Ok(Some(..))`: it failed.
fn run_exercise(
    start: Start,
    task: Task,
    inbox: UnboundedReceiver<to_program::Kind>,
) -> Result<Option<String>, String> {
    let threads = task.settings.get("worker_threads");
    let threads = threads.and_then(|count| count.parse().ok()).unwrap_or(2);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| format!("start the runtime: {error}"))?;
    let error = runtime
        .block_on(start(Session::new(task, inbox)))
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
        let message = error.to_string();
        if !text.contains(&message) {
            text = format!("{text}: {message}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Failure(&'static str, Option<Box<Failure>>);

    impl fmt::Display for Failure {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str(self.0)
        }
    }

    impl Error for Failure {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn causes_are_joined_and_repeated_ones_are_left_out() {
        let cause = Failure("connection refused", None);
        let repeats = Failure("connect: connection refused", Some(Box::new(cause)));
        let error = Failure("call failed", Some(Box::new(repeats)));
        assert_eq!(chain(&error), "call failed: connect: connection refused");
    }
}
