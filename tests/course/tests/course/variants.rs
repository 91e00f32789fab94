//! The variants of every exercise: right programs, known mistakes, mutants.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use checks::{Exercise, Judgement, Lesson, Verdict, judge, snapshot, testing};
use course::LESSONS;
use stage::{Reference, Seed};
use tap::Transcript;
use tokio::task::JoinSet;

use crate::harness::{SEEDS, names, programs, reference, root, try_out};

/// How many variants are run side by side. More than there are cores, since one that hangs only waits; and each beside a
/// reference server of its own, which is part of what must stand still when a run hangs.
const AT_ONCE: usize = 6;

/// One variant of an exercise.
struct Variant {
    lesson: &'static Lesson,
    exercise: &'static Exercise,
    /// `unary.4/right-thread`.
    name: String,
}

/// What the solutions do, by exercise and seed.
type Expected = HashMap<(&'static str, u64), Transcript>;

/// Every variant of every exercise gets what its name says, and no diagnosis says anything of one that passes, although it
/// is not asked there: what it tests is to hold for nothing but its mistake. With `EXERCISE=unary.4` in the environment only
/// those of that one are run, for whoever writes it.
#[tokio::test(flavor = "multi_thread")]
async fn variants_get_what_they_deserve() {
    let only = std::env::var("EXERCISE").ok();
    let wanted = |exercise: &&Exercise| only.as_ref().is_none_or(|only| only == exercise.id);
    let expected = Arc::new(expected(wanted).await);
    let mut variants = variants();
    variants.retain(|variant| wanted(&variant.exercise));
    assert!(!variants.is_empty(), "there is no exercise {only:?}");
    let queue = Arc::new(Mutex::new(variants.into_iter()));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (queue, expected) = (queue.clone(), expected.clone());
        workers.spawn(async move {
            let reference = reference().await;
            let mut wrong = Vec::new();
            loop {
                let next = queue.lock().expect("nobody panics").next();
                let Some(variant) = next else { return wrong };
                wrong.extend(complaints(&variant, &expected, &reference).await);
            }
        });
    }
    let mut wrong = workers.join_all().await.concat();
    wrong.sort();
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} wrong:\n{}", wrong.join("\n\n"));
}

fn variants() -> Vec<Variant> {
    let of_lesson = |lesson: &'static Lesson| {
        let names = names(&programs(lesson).variants).into_iter();
        names.map(move |name| {
            let id = name.split('/').next().unwrap_or_default();
            let exercise = lesson.find(id);
            Variant {
                lesson,
                exercise: exercise.unwrap_or_else(|| panic!("{name} belongs to no exercise")),
                name,
            }
        })
    };
    LESSONS.iter().copied().flat_map(of_lesson).collect()
}

/// What the solution does on each seed, run once and not once for each variant. On the published one, the snapshot says.
async fn expected(wanted: impl Fn(&&Exercise) -> bool) -> Expected {
    let reference = reference().await;
    let mut expected = Expected::new();
    for lesson in LESSONS {
        for exercise in lesson.exercises.iter().filter(&wanted) {
            for seed in SEEDS {
                let transcript = if seed == Seed::PUBLISHED {
                    let snapshot = snapshot::read(&root(), lesson, exercise);
                    snapshot.unwrap_or_else(|error| panic!("{error:#}"))
                } else {
                    let solution = &programs(lesson).solution;
                    let run = try_out(solution, exercise.id, exercise, seed, &reference).await;
                    run.transcript
                };
                expected.insert((exercise.id, seed.0), transcript);
            }
        }
    }
    expected
}

/// What is wrong with what came of a variant.
async fn complaints(variant: &Variant, expected: &Expected, reference: &Reference) -> Vec<String> {
    let Variant {
        lesson,
        exercise,
        name,
    } = variant;
    let (_, kind) = name.split_once('/').expect("it is named exercise/kind");
    let mut wrong = Vec::new();
    let mut passed = true;
    for seed in SEEDS {
        let run = try_out(&programs(lesson).variants, name, exercise, seed, reference).await;
        let judgement = judge(exercise, &run, &expected[&(exercise.id, seed.0)]);
        let shown = testing::named(exercise.diagnoses, &run);
        if judgement.verdict == Verdict::Passed && shown.is_some() {
            wrong.push(format!("{name} on {seed:?} passes and shows {shown:?}"));
        }
        if !deserved(kind, &judgement) {
            wrong.push(format!("{name} on {seed:?}: {}", in_short(&judgement)));
        }
        passed &= judgement.verdict == Verdict::Passed;
    }
    if kind.starts_with("mutant-") && passed {
        wrong.push(format!("{name} passes"));
    }
    wrong
}

/// A judgement in a few lines: the verdict, what was said, the first row that differs.
fn in_short(judgement: &Judgement) -> String {
    let line = |line: &Option<tap::Line>| match line {
        Some(line) => line.content.to_string(),
        None => "nothing".to_owned(),
    };
    let row = judgement.difference.as_ref().map(|it| it.first());
    let row = row.map_or_else(String::new, |row| {
        let (expected, actual) = (line(&row.expected), line(&row.actual));
        format!("\n    expected  {expected}\n    actual    {actual}")
    });
    let said = judgement.diagnosis.as_ref();
    let said = said.map_or_else(String::new, |it| format!("{}: {}", it.name, it.seen));
    let failure = judgement.failure_message.as_deref().unwrap_or_default();
    format!("{:?} {said}\n    {failure}{row}", judgement.verdict)
}

/// Whether one run of a variant came to what its name says.
fn deserved(kind: &str, judgement: &Judgement) -> bool {
    let diagnosis = judgement.diagnosis.as_ref();
    let diagnosis = diagnosis.map(|diagnosis| diagnosis.name);
    match kind.split_once('-') {
        Some(("right", _)) => judgement.verdict == Verdict::Passed,
        // It may be right by chance on one seed, but not on all three.
        Some(("mutant", _)) => true,
        _ => {
            let mistake = kind.rsplit_once('-').map(|(mistake, _)| mistake);
            judgement.verdict != Verdict::Passed && diagnosis == mistake
        }
    }
}
