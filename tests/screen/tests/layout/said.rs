//! What the tail says of a program, and how long it may be.

use report::Verdict;
use screen::{Around, Checked, View};

use crate::{FILE, call, checked, diagnosed, flat, labels, on, row, screen, tail, wrong_id};

#[test]
fn of_a_task_that_was_seen_two_lines_are_shown_and_the_rows_get_the_others() {
    let rows: Vec<_> = (0..58)
        .map(|index| row(0, &format!("a {index}"), "b"))
        .collect();
    let lines_of_task = |checked: &Checked| {
        let screen = screen(checked);
        let tail = tail(&screen).to_vec();
        let at = |label: &str| {
            tail.iter()
                .position(|line| line.trim_start().starts_with(label))
        };
        (
            screen.len(),
            at("read").expect("it") - at("task").expect("it"),
        )
    };
    let mut long = checked(Verdict::Differs, rows);
    long.exercise.task = "some words ".repeat(57);
    assert_eq!(lines_of_task(&long), (23, 2));
    assert!(flat(&screen(&long)).contains(".. (`--full` shows all) read"));
    long.report.verdict = Verdict::Unfinished {
        task: long.exercise.task.clone(),
        file: FILE.to_owned(),
        line: 16,
    };
    assert_eq!(lines_of_task(&long).1, 10);
}

#[test]
fn a_panic_beside_another_fault_is_said_first_and_its_line_is_told_as_its() {
    let panicked = |words: &str, seen: &str| {
        let mut checked = diagnosed(wrong_id(), seen);
        checked.report.failure_message =
            Some(format!("Your program panicked at {FILE}:9: {words}"));
        let screen = screen(&checked);
        let labels: Vec<_> = labels(&screen).iter().map(|it| (*it).to_owned()).collect();
        (labels, flat(&screen))
    };
    // Also where the words of the panic are in what was seen by chance.
    for words in ["no id", "doc-1"] {
        let (labels, text) = panicked(words, "The text of doc-7 was sent with the id of doc-1.");
        assert_eq!(labels[..2], ["why", "seen"]);
        assert!(
            text.contains(&format!("panicked at {FILE}:9: {words}")),
            "{text}"
        );
        assert!(
            text.contains(&format!("edit {FILE}:9, where it panicked")),
            "{text}"
        );
    }
    let (_, text) = panicked("no id", "Your program panicked on doc-7: no id.");
    assert!(text.contains(&format!("edit {FILE}:9 task")), "{text}");
}

#[test]
fn what_a_program_says_is_bounded_and_cannot_drive_the_terminal() {
    let mut checked = wrong_id();
    checked.report.failure_message = Some("\u{1b}[2J\u{202e}".to_owned() + &"long ".repeat(1_000));
    checked.report.output.head = vec!["\u{1b}]0;title\u{7}".to_owned()];
    let screen = screen(&checked);
    let text = screen.join("\n");
    for character in ['\u{1b}', '\u{7}', '\u{202e}'] {
        assert!(!text.contains(character), "{text:?}");
    }
    assert!(tail(&screen).len() < 20, "{text}");
    assert!(text.contains("more characters)"), "{text}");
}

#[test]
fn a_panic_in_a_library_names_its_crate_and_no_folder_of_the_machine() {
    let mut checked = wrong_id();
    let path =
        "/home/me/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/http-1.4.0/src/name.rs:120";
    checked.report.failure_message = Some(format!("Your program panicked at {path}: no name"));
    let text = screen(&checked).join("\n");
    assert!(
        text.contains("  why     Your program panicked at http-1.4.0/src/name.rs:120: no name"),
        "{text}"
    );
}

#[test]
fn a_panic_in_a_library_is_told_once_with_its_place() {
    let path = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/time.rs:1201";
    let mut checked = diagnosed(
        checked(Verdict::Crashed("exit status: 101".to_owned()), call(1)),
        "Your program panicked before its first call: overflow when subtracting.",
    );
    checked.report.failure_message = Some(format!(
        "Your program panicked at {path}: overflow when subtracting"
    ));
    let text = screen(&checked).join("\n");
    assert!(
        text.contains("  why     Your program panicked at core/src/time.rs:1201.\n"),
        "{text}"
    );
    let flat = flat(&screen(&checked));
    assert_eq!(flat.matches("overflow when subtracting").count(), 1);
}

#[test]
fn what_is_said_of_a_hang_is_not_said_twice() {
    let mut hung = diagnosed(
        checked(Verdict::Hangs, call(1)),
        "All 4 calls are over, and your function has not returned.",
    );
    hung.report.waiting = Some(
        "All 4 calls are over, and your function has not returned. It waits for a time.".to_owned(),
    );
    let screen = screen(&hung);
    assert_eq!(flat(&screen).matches("All 4 calls").count(), 1);
    assert!(labels(&screen).contains(&"why") && !labels(&screen).contains(&"seen"));
}

#[test]
fn the_verdict_is_in_sight_however_long_the_texts_are() {
    let words = |count| "some more words ".repeat(count);
    let mut long = wrong_id();
    long.exercise.task = words(60);
    if let Some(diagnosis) = &mut long.report.diagnosis {
        diagnosis.seen = words(20);
        diagnosis.usually = words(30);
    }
    let shown = screen(&long);
    assert!(tail(&shown).len() < View::PIPE.rows, "{shown:#?}");
    assert_eq!(
        labels(&shown),
        ["seen", "likely", "edit", "task", "read", "next", "stuck?"]
    );
    assert!(flat(&shown).contains(words(20).trim()));
    let full = View {
        full: true,
        ..View::PIPE
    };
    let whole = flat(&on(full, &long, &Around::default()));
    assert!(whole.contains(words(60).trim()), "{whole}");
}

#[test]
fn a_panic_is_told_once_and_always() {
    let panicked = format!("Your program panicked at {FILE}:9: index out of bounds");
    let mut checked = diagnosed(
        checked(Verdict::Crashed("exit status: 101".to_owned()), call(1)),
        &panicked,
    );
    checked.report.failure_message = Some(panicked);
    for seen in [
        "",
        "Your program panicked: index out of bounds. It was call 7.",
        "It is another.",
    ] {
        if let Some(diagnosis) = checked
            .report
            .diagnosis
            .as_mut()
            .filter(|_| !seen.is_empty())
        {
            diagnosis.seen = seen.to_owned();
        }
        let text = flat(&screen(&checked));
        assert_eq!(text.matches("index out of bounds").count(), 1, "{text}");
        assert!(
            text.contains(&format!("{FILE}:9")) && !text.contains("exit status"),
            "{text}"
        );
    }
}

#[test]
fn the_next_command_is_the_one_that_checks_the_same_again() {
    let mut checked = wrong_id();
    checked.report.seed = 7;
    let text = screen(&checked).join("\n");
    assert!(
        text.contains("then `cargo xtask check unary.1 --seed 7`"),
        "{text}"
    );
    assert!(
        text.contains("`cargo xtask check unary.1 --seed 7 --full` shows all"),
        "{text}"
    );
    checked.is_solution = true;
    let text = screen(&checked).join("\n");
    assert!(
        !text.contains("stuck?") && text.contains("--solutions"),
        "{text}"
    );
}
