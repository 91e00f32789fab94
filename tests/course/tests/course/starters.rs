//! What a learner begins with.

use std::collections::BTreeMap;
use std::path::Path;

use build::{Fault, Overlay, Programs, Scratch, Source};
use checks::{Verdict, judge, snapshot};
use course::LESSONS;
use stage::Seed;

use crate::harness::{catalogue, reference, root, starters, try_out};

/// Starters compile without a warning, and are unfinished: not broken, and not passed.
///
/// They are rendered from the solutions into a folder of their own, so that nothing a learner writes into `lessons/`
/// can make this fail.
#[tokio::test(flavor = "multi_thread")]
async fn starters_are_unfinished_and_without_warnings() {
    let (overlay, programs) = starters();
    let reference = reference().await;
    for (checks, (lesson, path)) in LESSONS.iter().zip(catalogue().lessons.iter().zip(programs)) {
        for (check, exercise) in checks.exercises.iter().zip(&lesson.exercises) {
            let run = try_out(path, check.id, check, Seed::PUBLISHED, &reference).await;
            let expected = snapshot::read(&root(), checks, check).expect("there is a snapshot");
            let judgement = judge(check, &run, &expected);
            let Verdict::Unfinished { task, file, line } = judgement.verdict else {
                panic!("{}: {:?}\n{}", check.id, judgement.verdict, run.output);
            };
            assert_eq!(task, exercise.task);
            assert_eq!(file, lesson.lesson_file(exercise));
            let text =
                std::fs::read_to_string(overlay.root.join(&file)).expect("the file is there");
            let text = text.lines().nth(line as usize - 1).unwrap_or_default();
            assert!(text.contains("kit::gap!"), "{file}:{line} is {text:?}");
        }
    }
}

/// A file that does not compile costs its own exercise and no other of the lesson.
#[tokio::test(flavor = "multi_thread")]
async fn broken_file_costs_its_own_exercise() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = catalogue();
    let lesson = course.lessons.iter().find(|lesson| lesson.name == "unary");
    let lesson = lesson.expect("there is a lesson unary");
    let [first, second, third, ..] = &lesson.exercises[..] else {
        panic!("unary has at least three exercises")
    };
    let solution = |path: &Path| {
        std::fs::read_to_string(path.join("solution.rs")).expect("the solution is there")
    };
    let broken = "\nfn broken() -> u8 { \"not a number\" }\n";
    let files = BTreeMap::from([
        (first.file(), solution(&first.path)),
        (second.file(), "this is not Rust".to_owned()),
        (third.file(), solution(&third.path) + broken),
    ]);
    let overlay = Overlay::new(course, &folder.path().join("learner"), "learner", [lesson])
        .expect("it is made");
    overlay
        .write_lesson(lesson, &files)
        .expect("the lesson is written");
    let scratch = Scratch {
        folder: folder.path().join("scratch"),
        name: "scratch".to_owned(),
    };
    let mut programs = Programs::of_overlay(course, overlay, scratch);
    let mut built = Vec::new();
    for exercise in [first, second, third] {
        let program = programs.program(lesson, exercise, Source::Lessons, &mut |_| ());
        built.push(program.unwrap_or_else(|error| panic!("{error:#}")));
    }
    let (checks, check) = course::find(&first.id).expect("it has a check");
    let path = &built[0].as_ref().expect("the first file compiles").path;
    let run = try_out(path, check.id, check, Seed::PUBLISHED, &reference().await).await;
    let expected = snapshot::read(&root(), checks, check).expect("there is a snapshot");
    assert_eq!(judge(check, &run, &expected).verdict, Verdict::Passed);
    for (built, exercise) in [(&built[1], second), (&built[2], third)] {
        let Err(broken) = built else {
            panic!("{} compiles", exercise.id)
        };
        let of_exercise = broken
            .errors
            .keys()
            .all(|file| file.ends_with(&exercise.file()));
        assert!(of_exercise && !broken.errors.is_empty(), "{broken:#?}");
        assert_eq!(broken.fault, Fault::Code);
    }
}

/// A function under another name, which the course then does not find, costs its own exercise as well.
#[test]
fn renamed_function_costs_its_own_exercise() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = catalogue();
    let lesson = &course.lessons[0];
    let [first, second, ..] = &lesson.exercises[..] else {
        panic!("the first lesson has at least two exercises")
    };
    let solution = |path: &Path| {
        std::fs::read_to_string(path.join("solution.rs")).expect("the solution is there")
    };
    let renamed = solution(&first.path).replace("pub fn round_trip", "pub fn trip");
    assert!(renamed.contains("pub fn trip"));
    let files = BTreeMap::from([
        (first.file(), renamed),
        (second.file(), solution(&second.path)),
    ]);
    let overlay = Overlay::new(course, &folder.path().join("learner"), "renamed", [lesson])
        .expect("it is made");
    overlay
        .write_lesson(lesson, &files)
        .expect("the lesson is written");
    let scratch = Scratch {
        folder: folder.path().join("scratch"),
        name: "renamed-scratch".to_owned(),
    };
    let mut programs = Programs::of_overlay(course, overlay, scratch);
    let mut built = |exercise| {
        let program = programs.program(lesson, exercise, Source::Lessons, &mut |_| ());
        program.unwrap_or_else(|error| panic!("{error:#}"))
    };
    let broken = built(first).expect_err("nobody finds the function");
    assert!(
        broken
            .errors
            .keys()
            .all(|file| file.ends_with("src/main.rs")),
        "{broken:#?}"
    );
    assert!(
        matches!(broken.fault, Fault::Signature { .. }),
        "{broken:#?}"
    );
    assert!(built(second).is_ok(), "the second file is right");
}

/// The program of each exercise has a name of its own, so that building one leaves the others as they are.
#[test]
fn programs_of_two_exercises_do_not_replace_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let course = catalogue();
    let lesson = &course.lessons[0];
    let [first, second, third, ..] = &lesson.exercises[..] else {
        panic!("the first lesson has at least three exercises")
    };
    let files = BTreeMap::from([(third.file(), "this is not Rust".to_owned())]);
    let overlay = Overlay::new(course, &folder.path().join("learner"), "replace", [lesson])
        .expect("it is made");
    overlay
        .write_lesson(lesson, &files)
        .expect("the lesson is written");
    let scratch = Scratch {
        folder: folder.path().join("scratch"),
        name: "replace-scratch".to_owned(),
    };
    let mut programs = Programs::of_overlay(course, overlay, scratch);
    let mut paths = Vec::new();
    for exercise in [first, second] {
        let program = programs.program(lesson, exercise, Source::Lessons, &mut |_| ());
        let program = program.unwrap_or_else(|error| panic!("{error:#}"));
        paths.push(program.expect("its file compiles").path);
    }
    assert_ne!(paths[0], paths[1]);
    assert!(paths.iter().all(|path| path.exists()));
}
