//! What a learner begins with.

use std::collections::BTreeMap;

use checks::overlay::Overlay;
use checks::{Built, Checker, LESSONS, Seed, Source, Verdict, compile, judge, snapshot};

use crate::harness::{reference, root, try_out};

/// Starters compile without a warning, and are unfinished: not broken, and not passed.
///
/// They are rendered from the solutions into a folder of their own, so that nothing a learner writes into `lessons/` can
/// make this fail.
#[tokio::test(flavor = "multi_thread")]
async fn starters_are_unfinished_and_without_warnings() {
    let overlay = Overlay::new(
        &root(),
        &root().join("target/overlays/starters"),
        "starters",
        LESSONS,
    );
    let overlay = overlay.expect("the scratch workspace is made");
    let reference = reference().await;
    for lesson in LESSONS {
        overlay
            .lay(lesson, &BTreeMap::new())
            .expect("starters are laid");
    }
    for lesson in LESSONS {
        let built =
            compile(&overlay.target(lesson), &mut |line| eprintln!("{line}")).expect("cargo runs");
        let Built::Program { path, warnings } = built else {
            panic!("{built:#?}")
        };
        assert!(warnings.is_empty(), "{}", warnings.join("\n"));
        for exercise in lesson.exercises {
            let run = try_out(&path, exercise.id, exercise, Seed::PUBLISHED, &reference).await;
            let expected = snapshot::read(&root(), exercise.id).expect("there is a snapshot");
            let (verdict, ..) = judge(exercise, &run, &expected);
            let Verdict::Unfinished { task, file, line } = verdict else {
                panic!("{}: {verdict:?}\n{}", exercise.id, run.output);
            };
            assert!(!task.contains("  "), "{task:?}");
            assert_eq!(file, Source::Lessons.file(lesson, exercise));
            let text =
                std::fs::read_to_string(overlay.root.join(&file)).expect("the file is there");
            let text = text.lines().nth(line as usize - 1).unwrap_or_default();
            assert!(text.contains("kit::gap!("), "{file}:{line} is {text:?}");
        }
    }
}

/// A gap is one sitting's work. Each line of the solution counts, between the first and the last.
#[test]
fn a_gap_has_3_to_25_lines() {
    for lesson in LESSONS {
        for exercise in lesson.exercises {
            let path = root().join(Source::Solutions.file(lesson, exercise));
            let text = std::fs::read_to_string(path).expect("the solution is there");
            let gap = text
                .lines()
                .map(str::trim)
                .skip_while(|line| !line.starts_with("// uses: "))
                .skip(1)
                .take_while(|line| *line != "// end of gap");
            // Marks for the book are no work of the learner's.
            let count = gap.filter(|line| !line.starts_with("// ANCHOR")).count();
            let id = exercise.id;
            assert!((3..=25).contains(&count), "{id} has a gap of {count} lines");
        }
    }
}

/// A file that does not compile costs its own exercise and no other of the lesson.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_costs_its_own_exercise() {
    let folder = tempfile::tempdir().expect("a folder");
    let lesson = LESSONS
        .iter()
        .find(|lesson| lesson.name == "unary")
        .expect("there is a lesson unary");
    let overlay = Overlay::new(&root(), &folder.path().join("learner"), "learner", LESSONS)
        .expect("it is made");
    for lesson in LESSONS {
        overlay
            .lay(lesson, &BTreeMap::new())
            .expect("starters are laid");
    }
    let solution = |file: &str| {
        let path = root()
            .join("solutions")
            .join(lesson.folder)
            .join("src")
            .join(file);
        std::fs::read_to_string(path).expect("the solution is there")
    };
    let put = |file: &str, text: &str| {
        let path = overlay
            .root
            .join("lessons")
            .join(lesson.folder)
            .join("src")
            .join(file);
        std::fs::write(path, text).expect("the lesson is written");
    };
    let [first, second, third, ..] = lesson.exercises else {
        panic!("unary has at least three exercises")
    };
    put(first.file, &solution(first.file));
    put(second.file, "this is no Rust");
    put(
        third.file,
        &format!(
            "{}\nfn broken() -> u8 {{ \"no number\" }}\n",
            solution(third.file)
        ),
    );

    let mut checker = Checker::over(
        root(),
        overlay,
        (folder.path().join("scratch"), "scratch".to_owned()),
    );
    let mut verdicts = Vec::new();
    for exercise in [first, second, third] {
        let report = checker
            .check(lesson, exercise, Source::Lessons, &mut |_| ())
            .await;
        verdicts.push(report.unwrap_or_else(|error| panic!("{error:#}")).verdict);
    }
    assert_eq!(verdicts[0], Verdict::Passed);
    for (verdict, exercise) in [(&verdicts[1], second), (&verdicts[2], third)] {
        let Verdict::DoesNotBuild(errors) = verdict else {
            panic!("{}: {verdict:?}", exercise.id)
        };
        let own: Vec<_> = errors
            .keys()
            .filter(|file| file.ends_with(exercise.file))
            .collect();
        assert_eq!(own.len(), errors.len(), "{errors:#?}");
    }
}
