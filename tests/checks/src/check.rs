//! From a program to a report.

use std::path::Path;

use anyhow::{Result, bail};
use report::{Line, Output, Report, Row};
use stage::{End, Program, Reference, Run, Seed, run};
use tap::{Order, Transcript};

use crate::lesson::{Exercise, Lesson};
use crate::snapshot;
use crate::verdict::{Judgement, judge};

/// How many of the lines that a program printed are in a report.
const REPORTED_OUTPUT_LINES: usize = 20;

/// A run, and what it is worth.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The run.
    pub run: Run,
    /// What was expected.
    pub expected: Transcript,
    /// What the run is worth.
    pub judgement: Judgement,
}

/// Runs a program as this exercise on the published seed, and judges the run by the expected transcript in the folder
/// of the course.
///
/// # Errors
///
/// When the course or the machine is at fault. What is wrong with the program is a verdict.
pub async fn check(
    course: &Path,
    lesson: &Lesson,
    exercise: &'static Exercise,
    program: &Program,
    reference: Option<&Reference>,
) -> Result<Checked> {
    let expected = snapshot::read(course, lesson, exercise)?;
    let run = run(program, exercise.scenario, Seed::PUBLISHED, reference).await?;
    let judgement = judge(exercise, &run, &expected);
    Ok(Checked {
        run,
        expected,
        judgement,
    })
}

/// Runs a program as this exercise on a seed of which there is no expected transcript, and judges the run by what the
/// solution does on it, which is run first.
///
/// # Errors
///
/// As for [`check`], and when the solution's function did not return or returned an error.
pub async fn check_by_solution(
    exercise: &'static Exercise,
    program: &Program,
    solution: &Program,
    seed: Seed,
    reference: Option<&Reference>,
) -> Result<Checked> {
    let expected = run(solution, exercise.scenario, seed, reference).await?;
    if !returned(&expected.end) {
        bail!(
            "nothing is expected on seed {}: the solution ended early, {:?}\n{}",
            seed.0,
            expected.end,
            expected.output
        );
    }
    let run = run(program, exercise.scenario, seed, reference).await?;
    let judgement = judge(exercise, &run, &expected.transcript);
    Ok(Checked {
        run,
        expected: expected.transcript,
        judgement,
    })
}

/// Runs a solution as this exercise on the published seed, and writes its transcript as the expected one.
///
/// # Errors
///
/// As for [`check`], when the exercise's function did not return or returned an error, and when the file cannot be written.
pub async fn record(
    course: &Path,
    lesson: &Lesson,
    exercise: &'static Exercise,
    program: &Program,
    reference: Option<&Reference>,
) -> Result<Checked> {
    let run = run(program, exercise.scenario, Seed::PUBLISHED, reference).await?;
    if !returned(&run.end) {
        bail!(
            "nothing is recorded of a run that ended early: {:?}\n{}",
            run.end,
            run.output
        );
    }
    let expected = run.transcript.clone();
    snapshot::write(course, lesson, exercise, &expected)?;
    let judgement = judge(exercise, &run, &expected);
    Ok(Checked {
        run,
        expected,
        judgement,
    })
}

/// Whether the exercise's function returned, and not an error.
fn returned(end: &End) -> bool {
    matches!(end, End::Finished(error) if error.is_empty())
}

impl Checked {
    /// The report of the check of this exercise on this seed.
    pub fn report(self, exercise: &Exercise, seed: Seed) -> Report {
        let judgement = self.judgement;
        let (head, left_out, tail) = self.run.output.lines(REPORTED_OUTPUT_LINES);
        Report {
            exercise: exercise.id.to_owned(),
            seed: seed.0,
            verdict: judgement.verdict,
            diagnosis: judgement.diagnosis.map(|diagnosis| report::Diagnosis {
                name: diagnosis.name.to_owned(),
                seen: diagnosis.seen,
                usually: diagnosis.usually.to_owned(),
            }),
            failure_message: judgement.failure_message,
            waiting: judgement.waiting,
            calls_sorted: is_sorted(exercise),
            expected: lines(&self.expected),
            actual: lines(&self.run.transcript),
            difference: judgement.difference.map_or_else(Vec::new, |difference| {
                difference.rows.iter().map(row).collect()
            }),
            output: Output {
                head,
                left_out,
                tail,
            },
        }
    }
}

/// Whether calls of this exercise are sorted, since their order does not count.
fn is_sorted(exercise: &Exercise) -> bool {
    let rules = exercise.scenario.rules();
    rules.iter().any(|rules| rules.calls == Order::Set)
}

fn lines(transcript: &Transcript) -> Vec<Line> {
    transcript.lines.iter().map(line).collect()
}

fn line(line: &tap::Line) -> Line {
    Line {
        depth: line.depth,
        compared: line.compared,
        text: line.content.to_string(),
    }
}

fn row(row: &tap::Row) -> Row {
    Row {
        expected: row.expected.as_ref().map(line),
        actual: row.actual.as_ref().map(line),
        same: row.same,
    }
}
