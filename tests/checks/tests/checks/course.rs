//! Solutions, other right programs, usual mistakes, mutants.

use std::sync::Arc;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use checks::{LESSONS, Lesson, Reference, Seed, Verdict, judge, snapshot};
use tokio::task::JoinSet;

use crate::harness::{SEEDS, names, reference, root, solution, try_out, variants};

fn lesson(name: &str) -> &'static Lesson {
    LESSONS
        .iter()
        .find(|lesson| lesson.name == name)
        .expect("there is such a lesson")
}

/// The snapshots are what the solutions put on the wire. This is the one place where insta asserts.
async fn solutions_are_what_the_snapshots_say(lesson: &Lesson) {
    let (program, reference) = (solution(lesson), reference().await);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/checks/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for exercise in lesson.exercises {
        let run = try_out(&program, exercise.id, exercise, Seed::PUBLISHED, &reference).await;
        settings.set_description(format!(
            "{} on the published seed: {}",
            exercise.id, exercise.title
        ));
        settings.bind(|| insta::assert_snapshot!(exercise.id, run.transcript.to_string()));
    }
}

/// A solution passes on every seed, and two runs of it are the same.
async fn solutions_pass_on_every_seed(lesson: &Lesson) {
    let (program, reference) = (solution(lesson), reference().await);
    for exercise in lesson.exercises {
        for seed in SEEDS {
            let expected = try_out(&program, exercise.id, exercise, seed, &reference)
                .await
                .transcript;
            let run = try_out(&program, exercise.id, exercise, seed, &reference).await;
            let (verdict, difference, _) = judge(exercise, &run, &expected);
            assert_eq!(
                verdict,
                Verdict::Passed,
                "{} {seed:?} {difference:#?}",
                exercise.id
            );
        }
    }
}

/// Every variant of every exercise gets what its name says.
async fn variants_get_what_they_deserve(lesson: &Lesson) {
    let (program, reference) = (variants(lesson), reference().await);
    let solution = solution(lesson);
    let all = names(&program);
    let mut wrong = Vec::new();
    // What the solution does on each seed, run once and not once for each variant.
    let mut expected = HashMap::new();
    for name in &all {
        let (id, kind) = name
            .split_once('/')
            .expect("a variant is named exercise/kind");
        let exercise = lesson.exercises.iter().find(|exercise| exercise.id == id);
        let exercise = exercise.unwrap_or_else(|| panic!("{name} is of no exercise"));
        let mut verdicts = Vec::new();
        for seed in SEEDS {
            let key = (id, seed.0);
            let expected = match expected.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) if seed == Seed::PUBLISHED => {
                    place.insert(snapshot::read(&root(), id).expect("there is a snapshot"))
                }
                Entry::Vacant(place) => {
                    let run = try_out(&solution, id, exercise, seed, &reference).await;
                    place.insert(run.transcript)
                }
            };
            let run = try_out(&program, name, exercise, seed, &reference).await;
            let (verdict, difference, diagnosis) = judge(exercise, &run, expected);
            let diagnosis = diagnosis.map(|diagnosis| diagnosis.name);
            let fine = match kind.split_once('-') {
                Some(("right", _)) => verdict == Verdict::Passed,
                // Right by chance on one seed, perhaps; not on all three.
                Some(("mutant", _)) => true,
                _ => {
                    let (mistake, number) = kind.rsplit_once('-').unwrap_or((kind, ""));
                    assert!(matches!(number, "1" | "2"), "{name} is not numbered");
                    verdict != Verdict::Passed && diagnosis == Some(mistake)
                }
            };
            if !fine {
                let first = difference.map(|difference| format!("{:#?}", difference.first()));
                wrong.push(format!(
                    "{name} on {seed:?}: {verdict:?}, {diagnosis:?}\n{}\n{}",
                    first.unwrap_or_default(),
                    run.transcript
                ));
            }
            verdicts.push(verdict);
        }
        if kind.starts_with("mutant-") && verdicts.iter().all(|verdict| *verdict == Verdict::Passed)
        {
            wrong.push(format!("{name} passes"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// What has to be there for every exercise.
fn variants_are_complete(lesson: &Lesson) {
    let all = names(&variants(lesson));
    for exercise in lesson.exercises {
        let id = exercise.id;
        let count = |start: &str| {
            all.iter()
                .filter(|name| name.starts_with(&format!("{id}/{start}")))
                .count()
        };
        assert!(
            count("right-") >= 2,
            "{id} has fewer than two right variants"
        );
        for mutant in ["default", "error", "hard-coded", "one-more"] {
            assert_eq!(
                count(&format!("mutant-{mutant}")),
                1,
                "{id} has no mutant {mutant}"
            );
        }
        for diagnosis in exercise.diagnoses {
            for number in 1..=2 {
                let mistake = format!("{}-{number}", diagnosis.name);
                assert_eq!(count(&mistake), 1, "{id} has no variant {mistake}");
            }
        }
    }
}

/// No exercise is passed by solving another: each program, run as each exercise of its lesson, passes as its own only.
///
/// Many of these wait for what never comes, so all of them wait at once.
async fn no_exercise_is_passed_by_another(lesson: &'static Lesson, reference: Reference) {
    let (program, reference) = (solution(lesson), Arc::new(reference));
    let mut runs = JoinSet::new();
    for exercise in lesson.exercises {
        for other in lesson
            .exercises
            .iter()
            .filter(|other| other.id != exercise.id)
        {
            if other.scenario.peer() != exercise.scenario.peer() {
                continue;
            }
            let (program, reference) = (program.clone(), reference.clone());
            runs.spawn(async move {
                let expected = snapshot::read(&root(), exercise.id).expect("there is a snapshot");
                let run = try_out(&program, other.id, exercise, Seed::PUBLISHED, &reference).await;
                let (verdict, ..) = judge(exercise, &run, &expected);
                let (exercise, other) = (exercise.id, other.id);
                assert_ne!(verdict, Verdict::Passed, "{exercise} is passed by {other}");
            });
        }
    }
    runs.join_all().await;
}

macro_rules! lessons {
    ($($name:ident),+) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn solutions_are_what_the_snapshots_say() {
                super::solutions_are_what_the_snapshots_say(lesson(stringify!($name))).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn solutions_pass_on_every_seed() {
                super::solutions_pass_on_every_seed(lesson(stringify!($name))).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn variants_get_what_they_deserve() {
                super::variants_get_what_they_deserve(lesson(stringify!($name))).await;
            }

            #[test]
            fn variants_are_complete() {
                super::variants_are_complete(lesson(stringify!($name)));
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn no_exercise_is_passed_by_another() {
                let reference = reference().await;
                super::no_exercise_is_passed_by_another(lesson(stringify!($name)), reference).await;
            }
        }
    )+};
}

lessons!(protobuf, unary);

#[test]
fn every_lesson_is_tested() {
    let names: Vec<_> = LESSONS.iter().map(|lesson| lesson.name).collect();
    assert_eq!(
        names,
        ["protobuf", "unary"],
        "add the new lesson to `lessons!` above"
    );
}

/// The checker reads snapshots without insta, which a learner's first build would have to wait for. It reads the same.
#[test]
fn snapshots_read_as_insta_reads_them() {
    for exercise in LESSONS.iter().flat_map(|lesson| lesson.exercises) {
        let path = snapshot::path(&root(), exercise.id);
        let by_insta = insta::Snapshot::from_file(&path).expect("insta reads it");
        let by_insta = by_insta.as_text().expect("it is text").to_string();
        let read = snapshot::read(&root(), exercise.id).expect("the checker reads it");
        assert_eq!(read.to_string().trim_end(), by_insta, "{}", exercise.id);
    }
}
