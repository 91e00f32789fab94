//! What is where on a screen, on data made by hand.

mod errors;
mod said;

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
