//! What the compiler said.

use std::collections::BTreeMap;

use report::Verdict;
use screen::{Around, Checked, View};

use crate::{FILE, checked, flat, on, screen, tail, wrong_id};

#[test]
fn warnings_are_shown_and_the_most_telling_first() {
    let warning = |text: &str, line: u32| format!("warning: {text}\n  --> {FILE}:{line}:5\n   |\n");
    let mut checked = wrong_id();
    checked.warnings = vec![
        warning("unused import: `a`", 1),
        warning("unused variable: `b`", 9),
        warning("unused implementer of `Future` that must be used", 24),
    ];
    let screen = screen(&checked);
    let text = screen.join("\n");
    let first = text
        .find("warning: unused implementer")
        .expect("it is whole above");
    assert!(first < text.find("unary.1  differs").expect("the verdict"));
    let flat = flat(tail(&screen));
    assert!(
        flat.contains(
            "warning unused implementer of `Future` that must be used (line 24); unused import"
        ),
        "{flat}"
    );
    assert!(flat.contains("; and 1 more"), "{flat}");
}

#[test]
fn an_error_is_above_whole_and_in_the_tail_in_a_line() {
    let error =
        |text: &str, line: u32| format!("error[E0308]: {text}\n  --> {FILE}:{line}:5\n   |\n");
    let errors = vec![
        error("mismatched types", 14),
        error("cannot find value", 20),
    ];
    let verdict = Verdict::DoesNotBuild(BTreeMap::from([(FILE.to_owned(), errors)]));
    let screen = screen(&checked(verdict, Vec::new()));
    assert!(
        screen[0].starts_with("error[E0308]: mismatched"),
        "{screen:#?}"
    );
    let tail = tail(&screen).join("\n");
    assert!(
        tail.contains("  why     mismatched types (line 14), above, and 1 more error"),
        "{tail}"
    );
    assert!(tail.contains(&format!("  edit    {FILE}:14")), "{tail}");
}

/// An error of so many lines.
fn error(text: &str, count: usize) -> String {
    let more = (4..=count).map(|index| format!("   | {index}\n"));
    format!("error[E0308]: {text}\n  --> {FILE}:14:5\n   |\n") + &more.collect::<String>()
}

/// Does not build, with a task of ten lines.
fn broken(errors: Vec<String>) -> Checked {
    let verdict = Verdict::DoesNotBuild(BTreeMap::from([(FILE.to_owned(), errors)]));
    let mut checked = checked(verdict, Vec::new());
    checked.exercise.task = "some words ".repeat(57);
    checked
}

#[test]
fn the_first_error_stays_in_sight_and_as_many_more_as_fit() {
    let errors = vec![error("first", 12), error("second", 5), error("third", 30)];
    let shown = screen(&broken(errors.clone()));
    assert!(shown.len() < 24, "{shown:#?}");
    assert!(shown[0].ends_with("first"), "{shown:#?}");
    let text = shown.join("\n");
    assert!(!text.contains("error[E0308]: second"), "{text}");
    let left_out = "    (2 more errors; `cargo xtask check unary.1 --full` shows all)";
    assert!(text.contains(left_out), "{text}");
    assert!(text.contains("above, and 2 more errors"), "{text}");
    let tall = View {
        rows: 32,
        ..View::PIPE
    };
    let text = on(tall, &broken(errors.clone()), &Around::default()).join("\n");
    assert!(text.contains("error[E0308]: second"), "{text}");
    assert!(text.contains("    (1 more error; "), "{text}");
    let full = View {
        full: true,
        ..View::PIPE
    };
    let text = on(full, &broken(errors), &Around::default()).join("\n");
    assert!(text.contains("third") && !text.contains("more error;"));
    // However long it is, the first is whole.
    let text = screen(&broken(vec![error("first", 40)])).join("\n");
    assert!(text.contains("   | 40"), "{text}");
}

#[test]
fn the_errors_of_the_exercise_itself_come_first() {
    let verdict = Verdict::DoesNotBuild(BTreeMap::from([
        ("a.rs".to_owned(), vec!["error: elsewhere".to_owned()]),
        (FILE.to_owned(), vec![error("mine", 4)]),
    ]));
    let screen = screen(&checked(verdict, Vec::new()));
    assert!(screen[0].ends_with("mine"), "{screen:#?}");
    assert!(screen.contains(&"error: elsewhere".to_owned()));
}

#[test]
fn no_advice_puts_work_at_risk() {
    let elsewhere = BTreeMap::from([(
        "lessons/02-unary/src/main.rs".to_owned(),
        vec!["error: it".to_owned()],
    )]);
    let mut given = wrong_id();
    given.changed_given = vec!["lessons/02-unary/src/run.rs".to_owned()];
    for checked in [checked(Verdict::DoesNotBuild(elsewhere), Vec::new()), given] {
        let text = screen(&checked).join(" ");
        assert!(text.contains("`git diff"), "{text}");
        for dangerous in ["checkout", "restore", "stash", "clean", "rm "] {
            assert!(!text.contains(dangerous), "{text}");
        }
    }
}
