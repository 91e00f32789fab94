//! What right programs may do otherwise passes, or the task says no.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use build::{Batch, Entry, Outcome};
use checks::{Exercise, Verdict, judge};
use course::LESSONS;
use mutants::right::{ALL, paused};
use stage::Seed;
use tap::Transcript;

use crate::harness::{catalogue, names, programs, reference, try_out};

/// The name of the change that is a program of its own.
const PAUSE: &str = "pause";

/// What an exercise's text forbids, with the words that do: exercise, change, words.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    (
        "unary.1",
        "warm-up-connection",
        "Connect to the address once",
    ),
    (
        "unary.5",
        "health-check",
        "Check the health of the host's service once",
    ),
    ("unary.6", "warm-up-connection", "Connect once"),
];

/// What no program of an exercise can do, with the reason: exercise, change, why. One that passes must go from here.
const IMPOSSIBLE: &[(&str, &str, &str)] = &[
    ("unary.3", "warm-up-connection", GIVEN_CLIENT),
    ("unary.4", "warm-up-connection", GIVEN_CLIENT),
    ("unary.5", "warm-up-connection", GIVEN_CLIENT),
    ("unary.3", PAUSE, MANY_CALLS),
    ("protobuf.4", PAUSE, MANY_CALLS),
];

const GIVEN_CLIENT: &str = "it is given a client of the host, and no address to connect to";

const MANY_CALLS: &str =
    "it is called so often that pauses of 2 s add up to more than a run may take";

/// Applies every change to the solution and every other right program of every exercise.
#[tokio::test(flavor = "multi_thread")]
async fn changes_that_no_task_forbids_pass() {
    let reference = reference().await;
    let mut differ = BTreeSet::new();
    let mut applied = BTreeSet::new();
    // What the solutions do. Another test holds them to their snapshots.
    let mut expected = BTreeMap::new();
    for lesson in LESSONS {
        let programs = programs(lesson);
        let variants = names(&programs.variants);
        let variants = variants.iter().filter(|name| name.contains("/right-"));
        let variants = variants.map(|name| (&programs.variants, name.as_str()));
        let solutions = lesson
            .exercises
            .iter()
            .map(|it| (&programs.solution, it.id));
        for (program, name) in solutions.chain(variants) {
            let exercise = exercise(name);
            let run = try_out(program, name, exercise, Seed::PUBLISHED, &reference).await;
            // The solutions come first.
            let expected = expected
                .entry(exercise.id)
                .or_insert_with(|| run.transcript.clone());
            for change in ALL {
                let changed = change
                    .applied(&run, exercise.scenario)
                    .expect("it is transcribed");
                let Some(changed) = changed else { continue };
                applied.insert(change.name);
                let judgement = judge(exercise, &changed, expected);
                if judgement.verdict != Verdict::Passed {
                    let first = judgement.difference.as_ref().map(|it| it.first());
                    eprintln!("{name}, {}: {first:#?}", change.name);
                    differ.insert((exercise.id, change.name));
                }
            }
        }
    }
    assert_eq!(
        applied.len(),
        ALL.len(),
        "each is applied somewhere: {applied:?}"
    );
    differ.extend(paused_solutions_that_differ(&expected).await);
    let listed: BTreeSet<_> = FORBIDDEN
        .iter()
        .map(|(exercise, change, _)| (*exercise, *change))
        .chain(
            IMPOSSIBLE
                .iter()
                .map(|(exercise, change, _)| (*exercise, *change)),
        )
        .collect();
    let news: Vec<_> = differ.difference(&listed).collect();
    assert!(
        news.is_empty(),
        "these should pass, or the task should say no: {news:?}"
    );
    let stale: Vec<_> = listed.difference(&differ).collect();
    assert!(stale.is_empty(), "these are listed, and pass: {stale:?}");
}

/// What is forbidden is so by words that a learner reads.
#[test]
fn a_task_that_forbids_says_so() {
    for (id, change, words) in FORBIDDEN {
        let (_, exercise) = catalogue().find(id).expect("an exercise");
        let texts = [&exercise.task, &exercise.more];
        assert!(
            texts.iter().any(|text| text.contains(words)),
            "{id}, {change}: {words:?}"
        );
    }
}

fn exercise(name: &str) -> &'static Exercise {
    let id = name.split('/').next().expect("an id");
    let found = course::find(id);
    found
        .unwrap_or_else(|| panic!("{name} belongs to no exercise"))
        .1
}

/// Runs each solution with a pause before it begins.
async fn paused_solutions_that_differ(
    expected: &BTreeMap<&str, Transcript>,
) -> Vec<(&'static str, &'static str)> {
    let mut differ = Vec::new();
    for lesson in &catalogue().lessons {
        let solution = |exercise: &catalogue::Exercise| {
            let text = fs::read_to_string(exercise.path.join("solution.rs"));
            paused(&text.expect("it is read"))
        };
        let texts: Vec<_> = lesson.exercises.iter().map(solution).collect();
        let mut entries = Vec::new();
        for (exercise, text) in lesson.exercises.iter().zip(&texts) {
            entries.push(Entry {
                exercise,
                name: PAUSE,
                text,
            });
        }
        let batch = Batch::build(catalogue(), lesson, &entries, &mut |_| {}).expect("cargo runs");
        let mut runs = tokio::task::JoinSet::new();
        for (entry, outcome) in entries.iter().zip(&batch.outcomes) {
            let Outcome::Program { path, name, .. } = outcome.clone() else {
                panic!("{}: {outcome:?}", entry.exercise.id);
            };
            let exercise = exercise(&name);
            runs.spawn(async move {
                let reference = reference().await;
                let run = try_out(&path, &name, exercise, Seed::PUBLISHED, &reference).await;
                (exercise, run)
            });
        }
        for (exercise, run) in runs.join_all().await {
            let judgement = judge(exercise, &run, &expected[exercise.id]);
            if judgement.verdict != Verdict::Passed {
                let first = judgement.difference.as_ref().map(|it| it.first());
                eprintln!(
                    "{}, {PAUSE}: {:?} {first:#?}",
                    exercise.id, judgement.verdict
                );
                differ.push((exercise.id, PAUSE));
            }
        }
    }
    differ
}
