//! What is where on a screen, on data made by hand.

use std::collections::BTreeMap;

use report::{Diagnosis, Line, Report, Row, Verdict};
use screen::{Around, Checked, Styles, Texts, View, write_failure};

const FILE: &str = "lessons/02-unary/src/ex1_classify.rs";

/// Beside the tail there is a line for the shell's prompt, an empty one, and at least so much of the transcripts as says where
/// they differ, which takes more lines the narrower they are.
const LEAST: usize = 11;

fn texts() -> Texts {
    Texts {
        id: "unary.1".to_owned(),
        title: "your first call".to_owned(),
        task: "Connect to the address once. Call `classify` for each document with its text, and return the types."
            .to_owned(),
        note: "A client is cheap to clone.".to_owned(),
        minutes: 25,
        points: 2,
    }
}

fn line(depth: usize, text: &str) -> Line {
    Line {
        depth,
        compared: true,
        text: text.to_owned(),
    }
}

fn row(depth: usize, expected: &str, actual: &str) -> Row {
    let line = |text: &str| (!text.is_empty()).then(|| line(depth, text));
    Row {
        same: expected == actual,
        expected: line(expected),
        actual: line(actual),
    }
}

/// A call about a document that is the same on both sides.
fn call(number: usize) -> Vec<Row> {
    let both = |depth, text: &str| row(depth, text, text);
    vec![
        both(
            0,
            &format!(
                "call {number}  client > server  /classification.v1.DocumentClassifier/Classify"
            ),
        ),
        both(1, "-> ClassifyRequest"),
        both(
            2,
            "text: \"Annual summary 2024: revenue grew 28 percent while costs fel\".. 106 characters #e72ad281",
        ),
        both(2, &format!("document_id: \"doc-{number}\"")),
        both(1, "-> half-close"),
        both(1, "<- OK"),
    ]
}

fn checked(verdict: Verdict, rows: Vec<Row>) -> Checked {
    let mut report = Report::without_run("unary.1", 1, verdict);
    report.expected = rows.iter().filter_map(|row| row.expected.clone()).collect();
    report.actual = rows.iter().filter_map(|row| row.actual.clone()).collect();
    report.difference = rows;
    let read = "target/book/02-unary.html#exercise-unary-1".to_owned();
    Checked::new(texts(), FILE.to_owned(), read, report)
}

fn diagnosed(mut checked: Checked, seen: &str) -> Checked {
    checked.report.diagnosis = Some(Diagnosis {
        name: "it".to_owned(),
        seen: seen.to_owned(),
        usually: "The id was taken once, before the loop.".to_owned(),
    });
    checked
}

fn on(view: View, checked: &Checked, around: &Around) -> Vec<String> {
    let mut out = String::new();
    write_failure(&mut out, checked, &view, around).expect("a text can be written to");
    out.lines().map(str::to_owned).collect()
}

fn screen(checked: &Checked) -> Vec<String> {
    on(View::PIPE, checked, &Around::default())
}

/// The lines from the verdict on.
fn tail(screen: &[String]) -> &[String] {
    let begin = screen
        .iter()
        .rposition(|line| line.starts_with("unary.1  "));
    &screen[begin.expect("there is a verdict")..]
}

/// The text without its line ends.
fn flat(screen: &[String]) -> String {
    let words: Vec<_> = screen
        .iter()
        .flat_map(|line| line.split_whitespace())
        .collect();
    words.join(" ")
}

/// The labels of the tail.
fn labels(screen: &[String]) -> Vec<&str> {
    let labels = tail(screen)[1..].iter().filter_map(|line| line.get(2..10));
    labels
        .map(str::trim)
        .filter(|label| !label.is_empty())
        .collect()
}

/// Ten calls, of which one in the middle has another id, with what follows it.
fn wrong_id() -> Checked {
    let mut rows: Vec<_> = (1..=10).flat_map(call).collect();
    rows[39] = row(2, "document_id: \"doc-7\"", "document_id: \"doc-1\"");
    diagnosed(
        checked(Verdict::Differs, rows),
        "The text of doc-7 was sent with the id of doc-1.",
    )
}

#[test]
fn a_long_difference_fits_the_terminal_and_the_tail_is_last() {
    let rows = (0..58).map(|index| {
        row(
            index % 3,
            &format!("expected {index}"),
            &format!("yours {index}"),
        )
    });
    let screen = screen(&diagnosed(
        checked(Verdict::Differs, rows.collect()),
        "It differs.",
    ));
    assert!(screen.len() < 24, "{screen:#?}");
    assert_eq!(
        labels(&screen),
        ["seen", "likely", "edit", "task", "read", "next", "stuck?"]
    );
    assert!(
        screen
            .iter()
            .any(|line| line.contains("expected 0") && line.contains("yours 0"))
    );
    let last = screen.last().map(String::as_str);
    assert_eq!(last, Some("  stuck?  `cargo xtask hint unary.1`"));
}

#[test]
fn the_call_that_the_report_is_about_is_in_sight() {
    let screen = screen(&wrong_id());
    let text = screen.join("\n");
    assert!(text.contains("call 7  client > server"), "{text}");
    let differing: Vec<_> = screen
        .iter()
        .filter(|line| line.contains('\u{2260}'))
        .collect();
    assert_eq!(differing.len(), 1, "{text}");
    assert!(
        differing[0].contains("doc-7") && differing[0].contains("doc-1"),
        "{text}"
    );
}

#[test]
fn a_hang_shows_the_call_that_was_not_answered() {
    let mut rows: Vec<_> = (1..=40).flat_map(call).collect();
    rows.truncate(30 * 6 + 5);
    rows.push(row(1, "", "<- nothing yet"));
    rows.push(row(1, "<- OK", ""));
    rows.extend((32..60).flat_map(call).map(|mut row| {
        row.actual = None;
        row.same = false;
        row
    }));
    for columns in [40, 60, 80, 120] {
        let view = View {
            columns,
            ..View::PIPE
        };
        let screen = on(
            view,
            &checked(Verdict::Hangs, rows.clone()),
            &Around::default(),
        );
        let text = screen.join("\n");
        assert!(text.contains("<- nothing yet"), "{text}");
        assert!(text.contains("call 31  client"), "{text}");
        assert!(text.contains("doc-31"), "{text}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut checked = diagnosed(
        wrong_id(),
        "A `document_id` was sent that no document has, in call 7 of 10, about doc-7.",
    );
    checked.report.calls_sorted = true;
    checked.changed_given = vec!["lessons/02-unary/src/run.rs".to_owned()];
    checked.report.output.head = vec!["a very long line that the program prints ".repeat(5)];
    checked.report.failure_message = Some("Your function returned an error: x".repeat(9));
    for full in [false, true] {
        for columns in 40..=170 {
            let view = View {
                columns,
                full,
                ..View::PIPE
            };
            for line in on(view, &checked, &Around::default()) {
                assert!(line.chars().count() <= columns, "{columns}: {line:?}");
            }
        }
    }
}

#[test]
fn the_screen_fits_every_terminal_that_the_tail_leaves_room_in() {
    for columns in [40, 60, 80, 120] {
        for rows in 10..70 {
            let view = View {
                columns,
                rows,
                ..View::PIPE
            };
            let screen = on(view, &wrong_id(), &Around::default());
            let tail = tail(&screen).len();
            assert!(
                screen.len() < rows || tail + LEAST > rows,
                "{columns} {rows}: {screen:#?}"
            );
        }
    }
}

#[test]
fn a_note_above_takes_its_lines_from_the_transcripts() {
    let rows: Vec<_> = (0..40)
        .map(|index| row(0, &format!("a {index}"), "b"))
        .collect();
    let checked = checked(Verdict::Differs, rows);
    let around = Around {
        lines_above: 4,
        ..Around::default()
    };
    let (alone, below) = (screen(&checked), on(View::PIPE, &checked, &around));
    assert_eq!(tail(&alone), tail(&below));
    assert_eq!(alone.len() - 4, below.len());
}

#[test]
fn the_whole_is_shown_where_it_is_asked_for() {
    let view = View {
        full: true,
        ..View::PIPE
    };
    let screen = on(view, &wrong_id(), &Around::default());
    for call in 1..=10 {
        let id = format!("doc-{call}\"");
        assert!(screen.iter().any(|line| line.contains(&id)), "{call}");
    }
}

#[test]
fn an_unfinished_exercise_is_one_column_without_marks() {
    let verdict = Verdict::Unfinished {
        task: texts().task,
        file: FILE.to_owned(),
        line: 16,
    };
    let rows = call(1).into_iter().map(|mut row| {
        row.actual = None;
        row.same = false;
        row
    });
    let mut checked = checked(verdict, rows.collect());
    let plain = screen(&checked);
    let text = plain.join("\n");
    for mark in ["\u{2260}", "\u{2502}", "(nothing)", "yours"] {
        assert!(!text.contains(mark), "{text}");
    }
    assert!(text.contains(&format!("{FILE}:16")), "{text}");
    assert_eq!(
        labels(&plain),
        ["edit", "task", "read", "time", "next", "stuck?"]
    );
    checked.begun = true;
    let begun = screen(&checked);
    assert!(
        begun.join("\n").contains("reached the gap in line 16"),
        "{begun:#?}"
    );
    assert_eq!(labels(&begun)[0], "begun");
}

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
fn colours_add_codes_and_nothing_else() {
    let colour = View {
        styles: Styles::Colour,
        ..View::PIPE
    };
    let painted = on(colour, &wrong_id(), &Around::default()).join("\n");
    assert!(painted.contains("\u{1b}[31m"));
    let mut plain = String::new();
    for (index, part) in painted.split('\u{1b}').enumerate() {
        plain += match index {
            0 => part,
            _ => part.split_once('m').expect("a code ends with an m").1,
        };
    }
    let lines: Vec<_> = plain.lines().map(str::trim_end).collect();
    assert_eq!(lines, screen(&wrong_id()));
    assert!(!screen(&wrong_id()).join("").contains('\u{1b}'));
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
