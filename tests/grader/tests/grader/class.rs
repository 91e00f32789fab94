//! What each submission deserves.

use grader::exercises;
use grader::result::{Seeds, Verdict};

use crate::shared::{MEMBERS, SEED, exercise_of, named, result_of, shared};

fn seeds(published: Verdict, fresh: Option<Verdict>) -> Seeds {
    Seeds {
        fresh,
        published: Some(published),
    }
}

#[test]
fn solutions_get_full_marks() {
    let result = result_of("solutions");
    let max: u32 = exercises::all().map(|(_, exercise)| exercise.points).sum();
    assert_eq!(
        (result.points, result.max_points),
        (max, max),
        "{result:#?}"
    );
    assert_eq!(result.seed, SEED);
    for exercise in result.exercises {
        assert_eq!(
            exercise.seeds,
            seeds(Verdict::Passed, Some(Verdict::Passed)),
            "{exercise:#?}"
        );
        assert_eq!(exercise.difference, None);
    }
}

#[test]
fn starters_get_no_points_and_show_the_task() {
    let result = result_of("starters");
    assert_eq!(result.points, 0);
    for exercise in result.exercises {
        assert_eq!(exercise.verdict, Verdict::Unfinished, "{exercise:#?}");
        assert_eq!(exercise.seeds, seeds(Verdict::Unfinished, None));
        assert!(exercise.task.is_some_and(|task| task.len() > 20));
    }
}

#[test]
fn every_exercise_counts_by_itself() {
    for (exercise, verdict) in [
        ("protobuf.1", Verdict::NotHandedIn),
        ("unary.1", Verdict::Passed),
        ("unary.2", Verdict::Passed),
    ] {
        assert_eq!(exercise_of("mixed", exercise).verdict, verdict);
    }
    let wrong = exercise_of("mixed", "unary.3");
    assert_eq!(wrong.verdict, Verdict::Differs, "{wrong:#?}");
    assert!(wrong.diagnosis.is_some(), "{wrong:#?}");
    let difference = wrong.difference.expect("the published seed may be shown");
    assert_ne!(difference.expected, difference.actual);
    let points = named("unary.1").1.points + named("unary.2").1.points;
    assert_eq!(result_of("mixed").points, points);
}

#[test]
fn a_file_that_does_not_compile_costs_its_exercise_alone() {
    let broken = result_of("broken");
    for exercise in &broken.exercises {
        let wanted = match exercise.exercise.as_str() {
            "unary.1" | "unary.2" => Verdict::DoesNotBuild,
            "protobuf.1" | "unary.3" => Verdict::Passed,
            _ => Verdict::Unfinished,
        };
        assert_eq!(exercise.verdict, wanted, "{exercise:#?}");
        let builds = wanted != Verdict::DoesNotBuild;
        assert_eq!(exercise.errors.is_empty(), builds);
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
fn links_are_not_followed() {
    for (exercise, link) in [
        ("protobuf.1", "01-protobuf is a link"),
        ("unary.2", "02-unary/src/ex2_deadline.rs is a link"),
    ] {
        let result = exercise_of("links", exercise);
        assert_eq!(result.verdict, Verdict::Refused, "{result:#?}");
        assert_eq!(result.note.as_deref(), Some(link));
        assert_eq!(result.points, 0);
    }
    assert_eq!(exercise_of("links", "unary.1").verdict, Verdict::Passed);
}

#[test]
fn large_and_unreadable_files_are_refused() {
    for (exercise, wrong) in [
        (
            "unary.1",
            "02-unary/src/ex1_classify.rs is larger than 256 KiB",
        ),
        ("unary.2", "02-unary/src/ex2_deadline.rs is not UTF-8"),
        ("unary.3", "02-unary/src/ex3_edge.rs is not a regular file"),
    ] {
        let result = exercise_of("odd-files", exercise);
        assert_eq!(result.verdict, Verdict::Refused, "{result:#?}");
        assert_eq!(result.note.as_deref(), Some(wrong));
    }
    // The largest that is allowed is allowed.
    let largest = exercise_of("odd-files", "protobuf.1");
    assert_eq!(largest.verdict, Verdict::Passed);
    for exercise in result_of("stray").exercises {
        assert_eq!(exercise.verdict, Verdict::Refused, "{exercise:#?}");
    }
}

#[test]
fn hard_coded_answers_fail_on_the_fresh_seed() {
    for exercise in ["protobuf.1", "unary.1"] {
        let result = exercise_of("hard-coded", exercise);
        assert_eq!(
            result.seeds,
            seeds(Verdict::Passed, Some(Verdict::Differs)),
            "{result:#?}"
        );
        assert_eq!((result.verdict, result.points), (Verdict::Differs, 0));
        // Whoever learns what differs on the fresh seed learns what its documents are.
        assert_eq!(result.difference, None);
        assert_eq!(result.task, None);
    }
}

#[test]
fn what_wavers_while_the_solution_does_not_is_worth_nothing() {
    let result = exercise_of("flaky", "protobuf.1");
    assert_eq!(result.seeds, seeds(Verdict::Unstable, None), "{result:#?}");
    assert_eq!((result.verdict, result.points), (Verdict::Unstable, 0));
    let note = result.note.expect("it says why");
    assert!(
        note.contains("the solution, run beside it, passed"),
        "{note}"
    );
}

#[test]
fn every_submission_has_a_row_and_a_result() {
    let class = &shared().class;
    let ids: Vec<_> = class.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, MEMBERS);
    assert!(class.is_complete());
    for id in MEMBERS {
        assert_eq!(result_of(id).submission, id);
        assert_eq!(result_of(id).exercises.len(), exercises::all().count());
    }
}

#[test]
fn a_class_knows_what_each_lesson_is_worth() {
    let class = &shared().class;
    for (lesson, summary) in exercises::lessons().iter().zip(&class.lessons) {
        assert_eq!(lesson.name, summary.name);
        let full = result_of("solutions").points_of(&lesson.name);
        assert_eq!(full, summary.max_points);
    }
    assert_eq!(class.lessons.len(), exercises::lessons().len());
    assert_eq!(class.max_points(), result_of("starters").max_points);
}
