//! What each submission deserves.

use checks::LESSONS;
use grader::result::Seeds;

use crate::shared::{MEMBERS, SEED, exercise_of, named, result_of, shared};

fn seeds(published: &str, fresh: Option<&str>) -> Seeds {
    Seeds {
        fresh: fresh.map(str::to_owned),
        published: Some(published.to_owned()),
    }
}

fn verdicts(id: &str) -> Vec<(String, String)> {
    let all = result_of(id).exercises;
    all.into_iter()
        .map(|own| (own.exercise, own.verdict))
        .collect()
}

#[test]
fn solutions_get_full_marks() {
    let result = result_of("solutions");
    let max: u32 = LESSONS
        .iter()
        .flat_map(|lesson| lesson.exercises)
        .map(|exercise| exercise.points)
        .sum();
    assert_eq!(
        (result.points, result.max_points),
        (max, max),
        "{result:#?}"
    );
    assert_eq!(result.seed, SEED);
    for exercise in result.exercises {
        assert_eq!(
            exercise.seeds,
            seeds("passed", Some("passed")),
            "{exercise:#?}"
        );
        assert_eq!(exercise.difference, None);
    }
}

#[test]
fn starters_get_none_and_are_told_the_task() {
    let result = result_of("starters");
    assert_eq!(result.points, 0);
    for exercise in result.exercises {
        assert_eq!(exercise.verdict, "unfinished", "{exercise:#?}");
        assert_eq!(exercise.seeds, seeds("unfinished", None));
        assert!(exercise.task.is_some_and(|task| task.len() > 20));
    }
}

#[test]
fn every_exercise_counts_by_itself() {
    assert_eq!(exercise_of("mixed", "protobuf.1").verdict, "not handed in");
    assert_eq!(exercise_of("mixed", "unary.1").verdict, "passed");
    assert_eq!(exercise_of("mixed", "unary.2").verdict, "passed");
    let wrong = exercise_of("mixed", "unary.3");
    assert_eq!(wrong.verdict, "differs", "{wrong:#?}");
    assert!(wrong.diagnosis.is_some(), "{wrong:#?}");
    let difference = wrong.difference.expect("the published seed may be shown");
    assert_ne!(difference.expected, difference.actual);
    let points = named("unary.1").1.points + named("unary.2").1.points;
    assert_eq!(result_of("mixed").points, points);
}

#[test]
fn a_file_that_does_not_compile_costs_its_own_exercise() {
    let broken = result_of("broken");
    for exercise in &broken.exercises {
        let wanted = match exercise.exercise.as_str() {
            "unary.1" | "unary.2" => "does not build",
            "protobuf.1" | "unary.3" => "passed",
            _ => "unfinished",
        };
        assert_eq!(exercise.verdict, wanted, "{exercise:#?}");
        assert_eq!(exercise.errors.is_empty(), wanted != "does not build");
    }
    let errors = exercise_of("broken", "unary.1").errors.join("\n");
    assert!(
        errors.contains("lessons/02-unary/src/ex1_classify.rs"),
        "{errors}"
    );
    let errors = exercise_of("broken", "unary.2").errors.join("\n");
    assert!(errors.contains("ex2_deadline::ask"), "{errors}");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    for (exercise, link) in [
        ("protobuf.1", "01-protobuf is a link"),
        ("unary.2", "02-unary/src/ex2_deadline.rs is a link"),
    ] {
        let result = exercise_of("links", exercise);
        assert_eq!(result.verdict, "refused", "{result:#?}");
        assert_eq!(result.note.as_deref(), Some(link));
        assert_eq!(result.points, 0);
    }
    assert_eq!(exercise_of("links", "unary.1").verdict, "passed");
}

#[test]
fn files_that_are_too_large_or_no_text_are_refused() {
    for (exercise, wrong) in [
        (
            "unary.1",
            "02-unary/src/ex1_classify.rs is larger than 256 KiB",
        ),
        ("unary.2", "02-unary/src/ex2_deadline.rs is not UTF-8"),
        ("unary.3", "02-unary/src/ex3_edge.rs is no regular file"),
    ] {
        let result = exercise_of("odd-files", exercise);
        assert_eq!(result.verdict, "refused", "{result:#?}");
        assert_eq!(result.note.as_deref(), Some(wrong));
    }
    // The largest that is allowed is allowed.
    assert_eq!(exercise_of("odd-files", "protobuf.1").verdict, "passed");
    for (exercise, verdict) in verdicts("stray") {
        assert_eq!(verdict, "refused", "{exercise}");
    }
}

#[test]
fn answers_that_stand_in_the_code_fail_on_the_fresh_seed() {
    for exercise in ["protobuf.1", "unary.1"] {
        let result = exercise_of("hard-coded", exercise);
        assert_eq!(
            result.seeds,
            seeds("passed", Some("differs")),
            "{result:#?}"
        );
        assert_eq!((result.verdict.as_str(), result.points), ("differs", 0));
        // Whoever learns what differs on the fresh seed learns what its documents are.
        assert_eq!(result.difference, None);
        assert_eq!(result.task, None);
    }
}

#[test]
fn a_run_that_only_fails_at_first_costs_nothing() {
    let result = exercise_of("flaky", "protobuf.1");
    assert_eq!(
        result.seeds,
        seeds("unstable", Some("unstable")),
        "{result:#?}"
    );
    assert_eq!(result.verdict, "unstable");
    assert_eq!(result.points, result.max_points);
    assert!(result.note.is_some());
}

#[test]
fn every_submission_has_a_result_and_a_line() {
    let shared = shared();
    let ids: Vec<_> = shared
        .class
        .rows
        .iter()
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(ids, MEMBERS);
    let csv = std::fs::read_to_string(shared.out.join("grades.csv")).expect("there are grades");
    assert_eq!(csv.lines().count(), MEMBERS.len() + 1, "{csv}");
    for id in MEMBERS {
        assert_eq!(result_of(id).submission, id);
        assert_eq!(result_of(id).exercises.len(), crate::shared::all().count());
    }
}
