//! The table fits, and says what an instructor must know.

use grader::class::{Class, Row, State};
use grader::table;

use crate::shared::{result_of, shared};

fn plain(class: &Class, width: usize) -> String {
    anstream::adapter::strip_str(&table::text(class, width)).to_string()
}

fn long_names() -> Class {
    let mut class = shared().class.clone();
    for row in &mut class.rows {
        row.id = format!("{}-{}", row.id, "ü".repeat(150));
    }
    class
}

#[test]
fn it_fits_the_terminal_and_is_whole_in_a_pipe() {
    let class = long_names();
    for width in [60, 80, 120] {
        let text = plain(&class, width);
        let rows = text.lines().take_while(|line| !line.is_empty());
        for line in rows {
            assert!(line.chars().count() <= width, "{width}: {line:?}");
        }
        assert!(text.contains('\u{2026}'));
    }
    let whole = plain(&class, usize::MAX);
    assert!(whole.contains(&class.rows[0].id), "{whole}");
}

#[test]
fn it_names_what_the_course_is_to_blame_for_and_what_was_refused() {
    let text = plain(&shared().class, 80);
    assert!(text.contains("flaky: protobuf.1 unstable"), "{text}");
    assert!(
        text.contains("odd-files: unary.2 refused: 02-unary/src/ex2_deadline.rs is not UTF-8"),
        "{text}"
    );
}

#[test]
fn a_submission_that_the_tool_failed_has_no_points() {
    let rows = vec![
        Row {
            id: "ann".to_owned(),
            state: State::Failed("no room\u{1b}[2J".to_owned()),
        },
        Row {
            id: "=1+1,\"x\"".to_owned(),
            state: State::Kept(result_of("solutions")),
        },
    ];
    let class = Class { seed: 7, rows };
    let text = plain(&class, 80);
    assert!(
        text.contains("ann: not graded: no room\\u{1b}[2J"),
        "{text}"
    );
    assert!(
        text.lines()
            .any(|line| line.starts_with("=1+1") && line.ends_with("kept")),
        "{text}"
    );
    let csv = table::csv(&class);
    let ann = csv.lines().nth(1).unwrap_or_default();
    assert!(ann.starts_with("ann,,") && ann.contains(",,"), "{csv}");
    // Neither a formula nor two columns.
    assert!(csv.contains("\"'=1+1,\"\"x\"\"\","), "{csv}");
}
