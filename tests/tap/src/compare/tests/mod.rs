//! The verdict, and that every line is in a row.

mod golden;
mod property;

use super::*;

/// A transcript from its lines.
fn transcript(lines: &str) -> Transcript {
    format!("wirebook-transcript 2\n{lines}").parse().unwrap()
}

#[test]
fn what_is_only_shown_never_differs() {
    let call = "  call 1  client > edge  /a.B/C\n";
    let timeout = |timeout| format!("~   -> grpc-timeout: {timeout}\n");
    let half_close = "    -> half-close\n";
    let expected = transcript(&[call, &timeout("2s"), half_close].concat());
    let actual = transcript(&[call, half_close, &timeout("1s")].concat());
    assert_eq!(compare(&expected, &actual), None);
}

#[test]
fn the_first_row_that_differs_has_both_sides() {
    let expected = transcript("  a\n    b: 1\n    c: 1\n");
    let actual = transcript("  a\n    b: 2\n    c: 1\n");
    let difference = compare(&expected, &actual).unwrap();
    let first = difference.first();
    assert_eq!(first.expected.as_ref().unwrap().to_string(), "    b: 1");
    assert_eq!(first.actual.as_ref().unwrap().to_string(), "    b: 2");
    assert_eq!(difference.rows.len(), 3);
}

#[test]
fn a_line_too_few_and_a_line_too_many_are_differences() {
    let (short, long) = (transcript("  a\n"), transcript("  a\n  b\n"));
    assert!(compare(&long, &short).unwrap().first().actual.is_none());
    assert!(compare(&short, &long).unwrap().first().expected.is_none());
}

/// An empty request has nothing that tells it from others, and all that it has may be in any of them.
#[test]
fn a_call_that_nothing_tells_apart_takes_no_call_from_the_one_that_it_is_like() {
    let whole = "  call 1  client > edge  /a.B/Ask\n    -> Q { text: \"one\", all: true }\n    <- A { n: 1, m: 4 }\n    <- OK\n";
    let empty =
        "  call 2  client > edge  /a.B/Ask\n    -> Q { all: true }\n    <- INVALID_ARGUMENT\n";
    let other =
        "  call 3  client > edge  /a.B/Ask\n    -> Q { text: \"two\", all: true }\n    <- OK\n";
    let expected = transcript(&[whole, empty, other].concat());
    let actual = transcript(
        "  call 1  client > edge  /a.B/Ask\n    -> Q { text: \"one\", all: true }\n    <- nothing yet\n",
    );
    let rows = compare(&expected, &actual).unwrap().rows;
    let (first, second) = (&rows[0], &rows[1]);
    assert_eq!(first.expected, first.actual);
    assert_eq!(second.expected, second.actual);
}

#[test]
fn every_line_of_long_transcripts_is_in_a_row() {
    let lines = |from: usize| -> String {
        (0..3_000)
            .map(|line| format!("  {}\n", line + from))
            .collect()
    };
    let begin = "  a\n".repeat(2_000);
    let (expected, actual) = (lines(0), lines(100_000));
    let expected = transcript(&[&begin, "  b\n  c\n", &expected].concat());
    let actual = transcript(&[&begin, "  c\n", &actual].concat());
    let begun = std::time::Instant::now();
    let rows = compare(&expected, &actual).unwrap().rows;
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    let expected_rows = rows.iter().filter_map(|row| row.expected.as_ref());
    assert!(expected_rows.eq(&expected.lines));
    let actual_rows = rows.iter().filter_map(|row| row.actual.as_ref());
    assert!(actual_rows.eq(&actual.lines));
    // Near the first difference they are aligned.
    let differ: Vec<_> = rows[..2_002].iter().map(|row| row.same).collect();
    assert_eq!(differ[1_999..], [true, false, true]);
}

#[test]
fn a_line_that_was_to_be_compared_and_is_only_shown_differs() {
    let (compared, shown) = (transcript("  a\n"), transcript("~ a\n"));
    assert!(compare(&compared, &shown).is_some());
}

#[test]
fn thousands_of_calls_and_messages_that_all_differ_are_paired_in_time() {
    let call = |number: usize, of: &str| {
        format!(
            "  call {number}  client > server  /a.B/Ask\n    -> x-id: {number}\n    -> Q {{ text: \"{of}{number}\" }}\n    <- OK\n"
        )
    };
    let calls = |of: &str| {
        (1..1_250)
            .map(|number| call(number, of))
            .collect::<String>()
    };
    let stream = |of: &str| {
        let messages = (1..5_000).map(|number| format!("    <- A {{ n: {number}, of: {of} }}\n"));
        let messages: String = messages.collect();
        format!("  call 1  client > server  /a.B/Ask\n{messages}")
    };
    let sides: [&dyn Fn(&str) -> String; 2] = [&calls, &stream];
    for side in sides {
        let (expected, actual) = (transcript(&side("x")), transcript(&side("y")));
        let begun = std::time::Instant::now();
        let rows = compare(&expected, &actual).unwrap().rows;
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        assert!(
            rows.iter()
                .all(|row| row.expected.is_some() && row.actual.is_some())
        );
    }
}
