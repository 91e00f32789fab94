//! From a run to a verdict.

use std::collections::BTreeMap;

use proto::control::v1::from_program;
use stage::{End, Run};
use tap::{Difference, Transcript, compare};

use crate::catalogue::Exercise;
use crate::diagnosis::{Diagnosis, Evidence};

/// What an exercise's check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What crossed the wire is what was expected.
    Passed,
    /// It is not.
    Differs,
    /// Nothing happened any more.
    Hangs,
    /// The program went on and on.
    Runaway,
    /// The program reached a gap.
    Unfinished {
        /// The task of the gap.
        task: String,
        /// Where, relative to the workspace.
        file: String,
        /// The line, from 1.
        line: u32,
    },
    /// The exercise's file does not compile: the compiler's errors as it prints them, by file.
    DoesNotBuild(BTreeMap<String, Vec<String>>),
    /// The program ended before the exercise's function returned, by a panic or a signal.
    Crashed(String),
}

impl Verdict {
    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Differs => "differs",
            Self::Hangs => "hangs",
            Self::Runaway => "never finishes",
            Self::Unfinished { .. } => "unfinished",
            Self::DoesNotBuild(_) => "does not build",
            Self::Crashed(_) => "crashed",
        }
    }
}

/// The program's failure in a sentence: where it panicked, or the error that the exercise's function returned.
pub fn failure_message(run: &Run) -> Option<String> {
    let panicked = run.messages.iter().find_map(|message| match message {
        from_program::Kind::Panicked(panic) => Some(format!(
            "Your program panicked at {}:{}: {}",
            panic.file, panic.line, panic.message
        )),
        _ => None,
    });
    panicked.or_else(|| match &run.end {
        End::Finished(error) if !error.is_empty() => {
            Some(format!("Your function returned an error: {error}"))
        }
        _ => None,
    })
}

/// Judges a run: by what crossed the wire, never by the program's exit code or by what it claims.
pub fn judge(
    exercise: &Exercise,
    run: &Run,
    expected: &Transcript,
) -> (Verdict, Option<Difference>, Option<&'static Diagnosis>) {
    let difference = compare(expected, &run.transcript);
    let verdict = match (&run.end, &difference) {
        (End::Unfinished { task, file, line }, _) => {
            let (task, file, line) = (task.clone(), file.clone(), *line);
            return (Verdict::Unfinished { task, file, line }, difference, None);
        }
        (End::Hung, _) => Verdict::Hangs,
        (End::Runaway, _) => Verdict::Runaway,
        (_, None) => return (Verdict::Passed, None, None),
        (End::Exited(status), Some(_)) => Verdict::Crashed(status.clone()),
        (End::Finished(_), Some(_)) => Verdict::Differs,
    };
    let evidence = Evidence::new(run);
    let diagnosis = exercise
        .diagnoses
        .iter()
        .find(|diagnosis| (diagnosis.shows)(&evidence));
    (verdict, difference, diagnosis)
}
