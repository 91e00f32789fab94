//! What is read of a class: the table in the terminal, and the CSV.

use grader::Class;
use grader::class::{Lesson, Row, State};
use grader::report::{csv, table};
use grader::result::{Exercise, Isolation, SCHEMA, Seeds, Submission, Verdict};
use grader::terminal::Screen;

/// A class of two lessons, whose names need more room than their points.
fn class(rows: Vec<Row>) -> Class {
    let lesson = |name: &str, max_points| Lesson {
        name: name.to_owned(),
        max_points,
    };
    Class {
        seed: 7,
        isolation: Isolation::None,
        lessons: vec![lesson("protobuf", 10), lesson("unary", 30)],
        rows,
    }
}

fn row(id: &str, state: State) -> Row {
    Row {
        id: id.to_owned(),
        state,
    }
}

/// A result with one exercise of each lesson.
fn result(protobuf: Exercise, unary: Exercise) -> Submission {
    let exercises = vec![protobuf, unary];
    Submission {
        isolation: Isolation::None,
        key: "0".to_owned(),
        max_points: exercises.iter().map(|exercise| exercise.max_points).sum(),
        points: exercises.iter().map(|exercise| exercise.points).sum(),
        schema: SCHEMA,
        seed: 7,
        submission: "ann".to_owned(),
        exercises,
    }
}

fn exercise(lesson: &str, points: u32, verdict: Verdict, note: Option<&str>) -> Exercise {
    Exercise {
        diagnosis: None,
        difference: None,
        errors: Vec::new(),
        exercise: format!("{lesson}.1"),
        file: format!("lessons/{lesson}/src/ex1.rs"),
        lesson: lesson.to_owned(),
        max_points: if lesson == "unary" { 30 } else { 10 },
        note: note.map(str::to_owned),
        points,
        seeds: Seeds::default(),
        task: None,
        title: "title".to_owned(),
        verdict,
    }
}

fn passed(lesson: &str, points: u32) -> Exercise {
    exercise(lesson, points, Verdict::Passed, None)
}

/// One submission of each state.
fn all_states() -> Class {
    class(vec![
        row(
            "ann",
            State::Graded(result(
                passed("protobuf", 10),
                exercise("unary", 0, Verdict::Refused, Some("ex1.rs is a link")),
            )),
        ),
        row(
            "bob",
            State::Kept(result(
                exercise("protobuf", 10, Verdict::Unstable, Some("It failed once.")),
                passed("unary", 30),
            )),
        ),
        row("cyn", State::Failed("no room\u{1b}[2J".to_owned())),
        row(
            "dee",
            State::Graded(result(
                exercise("protobuf", 0, Verdict::NotHandedIn, None),
                exercise("unary", 0, Verdict::NotHandedIn, None),
            )),
        ),
    ])
}

fn plain(columns: usize) -> Screen {
    Screen {
        columns,
        styled: false,
    }
}

#[test]
fn the_table_shows_every_state_and_below_it_what_to_look_at() {
    let warning = Isolation::None.warning();
    assert!(warning.starts_with("isolation: none. "), "{warning}");
    assert_eq!(
        table::text(&all_states(), plain(80)),
        format!(
            "\
submission  protobuf  unary  total
out of            10     30     40
ann               10      0     10
bob               10     30     40  kept
cyn                -      -      -  not graded
dee                0      0      0

ann: unary.1 refused: ex1.rs is a link
bob: protobuf.1 unstable: It failed once.
cyn: not graded: no room\\u{{1b}}[2J
dee: holds no exercise's file; is it a checkout of the course, or a folder like lessons/?

{warning}
"
        )
    );
}

#[test]
fn a_class_without_anything_to_look_at_is_a_table_and_the_warning() {
    let submission = result(passed("protobuf", 10), passed("unary", 30));
    let text = table::text(
        &class(vec![row("ann", State::Graded(submission))]),
        plain(80),
    );
    assert_eq!(
        text,
        format!(
            "submission  protobuf  unary  total\nout of            10     30     40\nann               10     30     40\n\n{}\n",
            Isolation::None.warning()
        )
    );
}

#[test]
fn styles_are_there_only_where_they_are_wanted() {
    let class = all_states();
    let styled = table::text(
        &class,
        Screen {
            columns: 80,
            styled: true,
        },
    );
    let failed = styled.lines().find(|line| line.contains("cyn"));
    let failed = failed.expect("every submission has a line");
    assert!(failed.starts_with("\u{1b}[31m"), "{failed:?}");
    let mut text = styled;
    for code in ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[0m"] {
        text = text.replace(code, "");
    }
    assert_eq!(text, table::text(&class, plain(80)));
}

#[test]
fn the_table_fits_the_screen_and_is_whole_in_a_pipe() {
    let mut class = all_states();
    for row in &mut class.rows {
        row.id = format!("{}-{}", row.id, "ü".repeat(150));
    }
    // 43 columns are the least that a class with a failed submission needs.
    for columns in [43, 60, 80, 120] {
        let text = table::text(&class, plain(columns));
        let rows = text.lines().take_while(|line| !line.is_empty());
        for line in rows {
            assert!(line.chars().count() <= columns, "{columns}: {line:?}");
        }
        assert!(text.contains('\u{2026}'));
    }
    let whole = table::text(&class, plain(usize::MAX));
    assert!(
        whole
            .lines()
            .any(|line| line.starts_with(&class.rows[0].id)),
        "{whole}"
    );
}

#[test]
fn the_csv_has_a_header_and_a_line_for_each_submission() {
    assert_eq!(
        csv::text(&all_states()).expect("it is written"),
        "\
submission,protobuf,unary,points,max_points,isolation
ann,10,0,10,40,none
bob,10,30,40,40,none
cyn,,,,40,none
dee,0,0,0,40,none
"
    );
}

#[test]
fn the_csv_quotes_names_and_defuses_formulas() {
    let failed = |id: &str| row(id, State::Failed("no room".to_owned()));
    let ids = [
        "Doe, Jane",
        "the \"cat\"",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=HYPERLINK(\"x\",\"y\")",
        "a=b",
        "Ännchen",
    ];
    let class = class(ids.map(failed).into());
    let text = csv::text(&class).expect("it is written");
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "\"Doe, Jane\",,,,40,none",
            "\"the \"\"cat\"\"\",,,,40,none",
            "'=1+1,,,,40,none",
            "'+1,,,,40,none",
            "'-1,,,,40,none",
            "'@SUM(A1),,,,40,none",
            "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",,,,40,none",
            "a=b,,,,40,none",
            "Ännchen,,,,40,none",
        ]
    );
}
