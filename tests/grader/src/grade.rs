//! One submission: what it handed in, built, run and judged.

use std::path::Path;

use anyhow::Result;
use checks::{
    End, Exercise, LESSONS, Lesson, Program, Run, Seed, Source, Verdict, judge, snapshot,
};

use crate::redact::clip;
use crate::result;
use crate::round::Expected;
use crate::submission::{Files, Handed};
use crate::workbench::Workbench;

/// Verdicts beside those of a check.
pub(crate) const NOT_HANDED_IN: &str = "not handed in";
pub(crate) const REFUSED: &str = "refused";
pub(crate) const UNSTABLE: &str = "unstable";

/// Hears of an exercise by its name, and what came of it or happens to it.
pub(crate) type Hear<'a> = &'a mut dyn FnMut(&str, &str);

/// Grades what one submission handed in.
pub(crate) async fn grade(
    bench: &mut Workbench,
    course: &Path,
    expected: &Expected,
    files: &Files,
    hear: Hear<'_>,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<result::Exercise>> {
    bench.lay(files, progress)?;
    let mut results = Vec::new();
    for lesson in LESSONS {
        for exercise in lesson.exercises {
            let result = match files.get(exercise.id) {
                Some(Handed::File(_)) => {
                    try_out(bench, course, expected, lesson, exercise, hear, progress).await?
                }
                Some(Handed::Refused(reason)) => result::Exercise {
                    note: Some(reason.clone()),
                    verdict: REFUSED.to_owned(),
                    ..blank(lesson, exercise)
                },
                Some(Handed::Missing) | None => result::Exercise {
                    verdict: NOT_HANDED_IN.to_owned(),
                    ..blank(lesson, exercise)
                },
            };
            if !matches!(
                result.verdict.as_str(),
                "passed" | "unfinished" | NOT_HANDED_IN
            ) {
                hear(exercise.id, &result.verdict);
            }
            results.push(result);
        }
    }
    Ok(results)
}

fn blank(lesson: &Lesson, exercise: &Exercise) -> result::Exercise {
    result::Exercise {
        diagnosis: None,
        difference: None,
        errors: Vec::new(),
        exercise: exercise.id.to_owned(),
        file: Source::Lessons.file(lesson, exercise),
        lesson: lesson.name.to_owned(),
        max_points: exercise.points,
        note: None,
        points: 0,
        seeds: result::Seeds::default(),
        task: None,
        title: exercise.title.to_owned(),
        verdict: String::new(),
    }
}

/// An exercise on both seeds. The fresh one is tried also where the published one was unstable, or a program could
/// get round it by failing now and then; but not where it has failed, since nothing is left to gain.
async fn try_out(
    bench: &mut Workbench,
    course: &Path,
    expected: &Expected,
    lesson: &'static Lesson,
    exercise: &'static Exercise,
    hear: Hear<'_>,
    progress: &mut dyn FnMut(&str),
) -> Result<result::Exercise> {
    let mut result = blank(lesson, exercise);
    let program = match bench.build(lesson, exercise, progress)? {
        Ok(program) => program,
        Err(errors) => {
            result.errors = bench.errors(&errors);
            result.verdict = Verdict::DoesNotBuild(errors).name().to_owned();
            return Ok(result);
        }
    };
    let snapshot = snapshot::read(course, exercise.id)?;
    let passes = |run: &Run| judge(exercise, run, &snapshot).0 == Verdict::Passed;
    let seed = Seed::PUBLISHED;
    let published = on_seed(bench, &program, exercise, seed, &passes, hear, progress).await?;
    result.seeds.published = Some(name(&published, |run| judge(exercise, run, &snapshot).0));
    if let Outcome::Failed(run) = &published {
        let (verdict, difference, diagnosis) = judge(exercise, run, &snapshot);
        let unfinished = matches!(verdict, Verdict::Unfinished { .. });
        result.difference = difference.filter(|_| !unfinished).map(|difference| {
            let first = difference.first();
            let text = |line: Option<String>| line.map(|line| clip(line.trim()));
            result::Difference {
                actual: text(first.actual.as_ref().map(ToString::to_string)),
                expected: text(first.expected.as_ref().map(ToString::to_string)),
            }
        });
        result.diagnosis = diagnosis.map(told);
        result.verdict = verdict.name().to_owned();
        result.note = note(&verdict);
        if let Verdict::Unfinished { task, .. } = verdict {
            result.task = Some(clip(&task));
        }
        return Ok(result);
    }
    let wanted = &expected.of(exercise)?.transcript;
    let passes = |run: &Run| judge(exercise, run, wanted).0 == Verdict::Passed;
    let seed = expected.seed;
    let fresh = on_seed(bench, &program, exercise, seed, &passes, hear, progress).await?;
    result.seeds.fresh = Some(name(&fresh, |run| judge(exercise, run, wanted).0));
    match (&published, &fresh) {
        (_, Outcome::Failed(run)) => {
            // Nothing that the program itself said: it could say what the documents are.
            let (verdict, _, diagnosis) = judge(exercise, run, wanted);
            result.diagnosis = diagnosis.map(told);
            result.verdict = verdict.name().to_owned();
            result.note = Some(
                "It passes on the published documents and not on others. Does an answer stand in the code?"
                    .to_owned(),
            );
        }
        (Outcome::Passed, Outcome::Passed) => {
            result.verdict = Verdict::Passed.name().to_owned();
            result.points = exercise.points;
        }
        _ => {
            result.verdict = UNSTABLE.to_owned();
            result.points = exercise.points;
            result.note = Some(
                "It failed once and passed once on the same documents. That counts as the course's fault: no mark is \
                 lost."
                    .to_owned(),
            );
        }
    }
    Ok(result)
}

/// What an exercise came to on one seed.
enum Outcome {
    Passed,
    /// It failed, and passed when it was tried again.
    Unstable,
    /// It failed twice. The first run.
    Failed(Box<Run>),
}

/// Runs an exercise on a seed, and again where it does not pass: a machine under load must not cost a mark.
async fn on_seed(
    bench: &mut Workbench,
    program: &Program,
    exercise: &'static Exercise,
    seed: Seed,
    passes: &(dyn Fn(&Run) -> bool + Sync),
    hear: Hear<'_>,
    progress: &mut dyn FnMut(&str),
) -> Result<Outcome> {
    let run = bench.run(program, exercise, seed, progress).await?;
    if passes(&run) {
        return Ok(Outcome::Passed);
    }
    // A gap that is left is left: no line for what nobody wonders about.
    if !matches!(run.end, End::Unfinished { .. }) {
        hear(exercise.id, "did not pass, tried once more");
    }
    let again = bench.run(program, exercise, seed, progress).await?;
    Ok(match passes(&again) {
        true => Outcome::Unstable,
        false => Outcome::Failed(Box::new(run)),
    })
}

fn name(outcome: &Outcome, verdict: impl FnOnce(&Run) -> Verdict) -> String {
    match outcome {
        Outcome::Passed => Verdict::Passed.name().to_owned(),
        Outcome::Unstable => UNSTABLE.to_owned(),
        Outcome::Failed(run) => verdict(run).name().to_owned(),
    }
}

fn told(diagnosis: &checks::Diagnosis) -> result::Diagnosis {
    result::Diagnosis {
        advice: diagnosis.advice.to_owned(),
        name: diagnosis.name.to_owned(),
    }
}

fn note(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Crashed(status) => Some(format!("The program ended too early: {status}.")),
        _ => None,
    }
}
