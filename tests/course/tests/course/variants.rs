//! The variants of every exercise: right programs, known mistakes, mutants.

use std::collections::HashMap;
use std::sync::Arc;

use checks::{Exercise, Judgement, Verdict};
use course::LESSONS;
use stage::{Reference, Seed};
use tap::Transcript;

use crate::harness::{SEEDS, programs, reference, try_out};
use crate::tried::{Variant, for_each, on_published_seed, on_seed, variants};

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
    let complaints = move |variant: Variant, reference: Arc<Reference>| {
        let expected = expected.clone();
        async move { complaints(&variant, &expected, &reference).await }
    };
    let mut wrong = for_each(variants, complaints).await.concat();
    wrong.sort();
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} wrong:\n{}", wrong.join("\n\n"));
}

/// What the solution does on each seed but the published one, run once and not once for each variant.
async fn expected(wanted: impl Fn(&&Exercise) -> bool) -> Expected {
    let reference = reference().await;
    let mut expected = Expected::new();
    for lesson in LESSONS {
        for exercise in lesson.exercises.iter().filter(&wanted) {
            for seed in SEEDS.into_iter().filter(|seed| *seed != Seed::PUBLISHED) {
                let solution = &programs(lesson).solution;
                let run = try_out(solution, exercise.id, exercise, seed, &reference).await;
                expected.insert((exercise.id, seed.0), run.transcript);
            }
        }
    }
    expected
}

/// What is wrong with what came of a variant.
async fn complaints(variant: &Variant, expected: &Expected, reference: &Reference) -> Vec<String> {
    let (name, exercise) = (&variant.name, variant.exercise);
    let (_, kind) = name.split_once('/').expect("it is named exercise/kind");
    let mut wrong = Vec::new();
    let mut passed = true;
    for seed in SEEDS {
        let tried = match seed {
            Seed::PUBLISHED => on_published_seed(variant, reference).await,
            seed => {
                let expected = expected[&(exercise.id, seed.0)].clone();
                Arc::new(on_seed(variant, seed, expected, reference).await)
            }
        };
        let (judgement, shown) = (&tried.judgement, tried.shown);
        if judgement.verdict == Verdict::Passed && shown.is_some() {
            wrong.push(format!("{name} on {seed:?} passes and shows {shown:?}"));
        }
        if !deserved(kind, judgement) {
            wrong.push(format!("{name} on {seed:?}: {}", in_short(judgement)));
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
