//! Solutions, and what no diagnosis says.

use std::sync::Arc;

use checks::{Lesson, Verdict, judge, snapshot, testing};
use course::LESSONS;
use proto::control::v1::{Panicked, from_program};
use stage::{End, Inputs, Peer, Seed, Source};
use tap::Side;
use tokio::task::JoinSet;

use crate::harness::{SEEDS, programs, reference, root, try_out};

/// Runs a check for every lesson, all of them at once.
async fn for_every_lesson<F>(check: fn(&'static Lesson) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut checks = JoinSet::new();
    for lesson in LESSONS {
        // Built here, where nothing else runs yet: a build blocks its thread.
        programs(lesson);
        checks.spawn(check(lesson));
    }
    checks.join_all().await;
}

/// The snapshots are what the solutions put on the wire. This is the one place where insta asserts.
#[tokio::test(flavor = "multi_thread")]
async fn solutions_are_what_the_snapshots_say() {
    for_every_lesson(|lesson| async move {
        let (program, reference) = (&programs(lesson).solution, reference().await);
        for exercise in lesson.exercises {
            let run = try_out(program, exercise.id, exercise, Seed::PUBLISHED, &reference).await;
            let path = snapshot::path(&root(), lesson, exercise);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(path.parent().expect("a snapshot has a folder"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_description(format!("{} on the published seed", exercise.id));
            settings.bind(|| insta::assert_snapshot!("expected", run.transcript.to_string()));
        }
    })
    .await;
}

/// A solution passes on every seed, and two runs of it are the same.
#[tokio::test(flavor = "multi_thread")]
async fn solutions_pass_on_every_seed() {
    for_every_lesson(|lesson| async move {
        let (program, reference) = (&programs(lesson).solution, reference().await);
        for exercise in lesson.exercises {
            for seed in SEEDS {
                let expected = try_out(program, exercise.id, exercise, seed, &reference).await;
                let run = try_out(program, exercise.id, exercise, seed, &reference).await;
                let judgement = judge(exercise, &run, &expected.transcript);
                assert_eq!(
                    judgement.verdict,
                    Verdict::Passed,
                    "{} {seed:?} {:#?}",
                    exercise.id,
                    judgement.difference
                );
            }
        }
    })
    .await;
}

/// No exercise is passed by solving another: each program, run as each exercise of its lesson, passes as itself only.
///
/// Many of these wait for something that never comes, so they run at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn no_exercise_is_passed_by_another() {
    for_every_lesson(|lesson| async move {
        let (program, reference) = (&programs(lesson).solution, Arc::new(reference().await));
        let mut runs = JoinSet::new();
        for exercise in lesson.exercises {
            let others = lesson.exercises.iter();
            let others = others.filter(|other| {
                other.id != exercise.id && other.scenario.peer() == exercise.scenario.peer()
            });
            for other in others {
                let reference = reference.clone();
                runs.spawn(async move {
                    let expected = snapshot::read(&root(), lesson, exercise);
                    let expected = expected.unwrap_or_else(|error| panic!("{error:#}"));
                    let run =
                        try_out(program, other.id, exercise, Seed::PUBLISHED, &reference).await;
                    let verdict = judge(exercise, &run, &expected).verdict;
                    let (exercise, other) = (exercise.id, other.id);
                    assert_ne!(verdict, Verdict::Passed, "{exercise} is passed by {other}");
                });
            }
        }
        runs.join_all().await;
    })
    .await;
}

/// Nobody knows what a program would have done that ended at once: by a `todo!()`, another panic, an exit, or, before a
/// call, an error that it returned. So no mistake is named.
#[tokio::test]
async fn program_that_ended_at_once_shows_no_mistake() {
    let exited = |status: &str| End::Exited(status.to_owned());
    let returned = |error: &str| End::Finished(error.to_owned());
    let stopped = [
        (Some("not yet implemented"), exited("exit status: 101")),
        (Some("explicit panic"), exited("exit status: 101")),
        (None, exited("exit status: 0")),
    ];
    let before_a_call = [
        (Some("explicit panic"), returned("")),
        (None, returned("no number in the settings")),
    ];
    for exercise in LESSONS.iter().flat_map(|lesson| lesson.exercises) {
        let mut source = Source::new(Seed::PUBLISHED, None);
        // Some need the reference server, which does not run here; their diagnoses see no inputs.
        let inputs = exercise.scenario.inputs(&mut source).await;
        let inputs = inputs.unwrap_or_else(|_| Inputs::default());
        let mut ends = stopped.to_vec();
        if exercise.scenario.peer() != Peer::Bytes {
            ends.extend(before_a_call.clone());
        }
        for (panic, end) in ends {
            let sent = inputs.peer_sent.iter();
            let sent = sent.map(|(_, bytes)| (Side::Server, bytes.clone()));
            let mut run = testing::run(sent.collect(), &[]);
            run.inputs = inputs.clone();
            run.messages.extend(panic.map(|message| {
                from_program::Kind::Panicked(Panicked {
                    message: message.to_owned(),
                    ..Default::default()
                })
            }));
            run.end = end;
            let named = testing::named(exercise.diagnoses, &run);
            assert_eq!(named, None, "{} {panic:?} {:?}", exercise.id, run.end);
        }
    }
}

/// The checkers read snapshots without insta, which a learner's first build would have to wait for. They read the same.
#[test]
fn snapshots_read_as_insta_reads_them() {
    for lesson in LESSONS {
        for exercise in lesson.exercises {
            let path = snapshot::path(&root(), lesson, exercise);
            let by_insta = insta::Snapshot::from_file(&path).expect("insta reads it");
            let by_insta = by_insta.as_text().expect("it is text").to_string();
            let read = snapshot::read(&root(), lesson, exercise).expect("the checker reads it");
            assert_eq!(read.to_string().trim_end(), by_insta, "{}", exercise.id);
        }
    }
}
