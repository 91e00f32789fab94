//! From a run to a verdict.

use proto::control::v1::from_program;
use report::Verdict;
use stage::{End, Run};
use tap::{Difference, Transcript, compare};

use crate::diagnose::diagnose;
use crate::diagnosis::Diagnosed;
use crate::lesson::Exercise;
use crate::waiting::waiting;

/// What a run is worth.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How the run differs from what was expected. `None` where it does not.
    pub difference: Option<Difference>,
    /// The known mistake that the run shows, if it shows one. Never for a run that passed.
    pub diagnosis: Option<Diagnosed>,
    /// The program's own message about its failure: where it panicked, or the error that the exercise's function
    /// returned.
    pub failure_message: Option<String>,
    /// Of a run that hangs: who waits for what.
    pub waiting: Option<String>,
}

/// Judges a run: by what crossed the wire, never by the program's exit code or what it claims.
pub fn judge(exercise: &Exercise, run: &Run, expected: &Transcript) -> Judgement {
    let difference = compare(expected, &run.transcript);
    let verdict = match (&run.end, &difference) {
        (End::Unfinished { task, file, line }, _) => Verdict::Unfinished {
            task: task.clone(),
            file: file.clone(),
            line: *line,
        },
        (End::Hung(_), _) => Verdict::Hangs,
        (End::Runaway(_), _) => Verdict::Runaway,
        (_, None) => Verdict::Passed,
        (End::Exited(status), Some(_)) => Verdict::Crashed(status.clone()),
        (End::Finished(_), Some(_)) => Verdict::Differs,
    };
    let diagnosed = !matches!(verdict, Verdict::Unfinished { .. } | Verdict::Passed);
    let diagnosis = diagnosed
        .then(|| diagnose(exercise.diagnoses, run, difference.as_ref()))
        .flatten();
    Judgement {
        verdict,
        difference,
        diagnosis,
        failure_message: failure_message(run),
        waiting: waiting(exercise.scenario, run),
    }
}

fn failure_message(run: &Run) -> Option<String> {
    let panicked = run.messages.iter().find_map(|kind| match kind {
        from_program::Kind::Panicked(panic) => Some(format!(
            "Your program panicked at {}:{}: {}",
            panic.file, panic.line, panic.message
        )),
        _ => None,
    });
    let ended = match &run.end {
        End::Runaway(excess) => Some(format!("Your program was ended: {excess}.")),
        End::Finished(error) if !error.is_empty() && panicked.is_none() => {
            Some(format!("Your function returned an error: {error}"))
        }
        _ => None,
    };
    let sentences: Vec<_> = panicked.into_iter().chain(ended).collect();
    (!sentences.is_empty()).then(|| sentences.join(". "))
}
