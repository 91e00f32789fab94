//! Rows of transcripts that were made by hand.

use super::{compare, transcript};

/// The rows, `=` those that are the same, with what stands on either side. Of rows that are the same on both sides, only
/// the first of each run is there.
fn rows(expected: &str, actual: &str) -> Vec<String> {
    let difference = compare(&transcript(expected), &transcript(actual)).expect("they differ");
    let side = |line: &Option<crate::Line>| match line {
        Some(line) => line.to_string().trim_start_matches([' ', '~']).to_owned(),
        None => String::new(),
    };
    let rows = difference.rows.iter();
    rows.map(|row| {
        let mark = if row.same { "=" } else { "!" };
        format!("{mark} {} | {}", side(&row.expected), side(&row.actual))
    })
    .collect()
}

/// The rows that are not the same on both sides.
fn differing(expected: &str, actual: &str) -> Vec<String> {
    let rows = rows(expected, actual).into_iter();
    rows.filter(|row| row.starts_with('!')).collect()
}

fn call(number: u32, id: &str, text: &str, end: &str) -> String {
    format!(
        "  call {number}  client > server  /a.B/Ask
    -> Question
      text: \"{text}\"
      document_id: \"{id}\"
      max_results: 1
    -> half-close
    <- {end}
"
    )
}

fn three() -> String {
    [
        call(1, "doc-7", "Annual", "OK"),
        call(2, "doc-3", "Dear", "OK"),
        call(3, "doc-9", "Receipt", "OK"),
    ]
    .concat()
}

#[test]
fn forgotten_call_stands_alone_and_the_others_are_the_same() {
    let actual = [
        call(1, "doc-3", "Dear", "OK"),
        call(2, "doc-9", "Receipt", "OK"),
    ];
    assert_eq!(
        differing(&three(), &actual.concat()),
        [
            "! call 1  client > server  /a.B/Ask | ",
            "! -> Question | ",
            "! text: \"Annual\" | ",
            "! document_id: \"doc-7\" | ",
            "! max_results: 1 | ",
            "! -> half-close | ",
            "! <- OK | ",
        ]
    );
}

#[test]
fn call_too_many_stands_alone() {
    let actual = [
        call(1, "doc-7", "Annual", "OK"),
        call(2, "doc-3", "Dear", "OK"),
        call(3, "doc-3", "Dear", "OK"),
        call(4, "doc-9", "Receipt", "OK"),
    ];
    let rows = rows(&three(), &actual.concat());
    assert_eq!(rows.len(), 4 * 7);
    let alone: Vec<_> = rows
        .iter()
        .filter(|row| row.contains(" | ") && row.starts_with('!'))
        .collect();
    assert_eq!(alone.len(), 7, "{rows:#?}");
    assert!(alone.iter().all(|row| row.starts_with("!  | ")));
    assert_eq!(
        rows[21],
        "= call 3  client > server  /a.B/Ask | call 4  client > server  /a.B/Ask"
    );
}

#[test]
fn swapped_ids_differ_in_the_ids() {
    let actual = [
        call(1, "doc-3", "Annual", "OK"),
        call(2, "doc-7", "Dear", "OK"),
        call(3, "doc-9", "Receipt", "OK"),
    ];
    assert_eq!(
        differing(&three(), &actual.concat()),
        [
            "! document_id: \"doc-7\" | document_id: \"doc-3\"",
            "! document_id: \"doc-3\" | document_id: \"doc-7\"",
        ]
    );
}

#[test]
fn swapped_fields_belong_to_the_call_with_the_same_values() {
    // Sorted by their texts, which are now the ids: no call is at its place.
    let actual = [
        call(1, "Dear", "doc-3", "OK"),
        call(2, "Annual", "doc-7", "OK"),
        call(3, "Receipt", "doc-9", "OK"),
    ];
    let rows = differing(&three(), &actual.concat());
    assert_eq!(
        rows[..2],
        [
            "! text: \"Annual\" | text: \"doc-7\"",
            "! document_id: \"doc-7\" | document_id: \"Annual\"",
        ]
    );
    assert_eq!(rows.len(), 6, "{rows:#?}");
}

#[test]
fn call_that_sorts_elsewhere_stands_beside_its_partner() {
    let actual = [
        call(1, "doc-3", "Dear", "OK"),
        call(2, "doc-9", "Receipt", "OK"),
        call(3, "doc-7", "annual", "OK"),
    ];
    assert_eq!(
        differing(&three(), &actual.concat()),
        ["! text: \"Annual\" | text: \"annual\""]
    );
}

#[test]
fn calls_in_another_order_where_order_counts_differ() {
    let actual = [
        call(1, "doc-3", "Dear", "OK"),
        call(2, "doc-7", "Annual", "OK"),
        call(3, "doc-9", "Receipt", "OK"),
    ];
    let rows = differing(&three(), &actual.concat());
    assert_eq!(rows.len(), 14, "one call alone on each side: {rows:#?}");
    assert!(
        rows[..7].iter().all(|row| row.ends_with(" | ")),
        "{rows:#?}"
    );
}

#[test]
fn hang_in_the_second_of_three_calls() {
    let actual = [
        call(1, "doc-7", "Annual", "OK"),
        call(2, "doc-3", "Dear", "nothing yet").replace("    -> half-close\n", ""),
    ];
    let rows = differing(&three(), &actual.concat());
    assert_eq!(
        rows[..3],
        [
            "! -> half-close | ",
            "! <- OK | <- nothing yet",
            "! call 3  client > server  /a.B/Ask | ",
        ]
    );
}

#[test]
fn fields_that_are_missing_leave_the_others_in_pairs() {
    let without = |text: String| {
        let lines = text
            .lines()
            .filter(|line| !line.contains("document_id") && !line.contains("max_"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let rows = differing(&three(), &without(three()));
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], "! document_id: \"doc-7\" | ");
    assert_eq!(rows[1], "! max_results: 1 | ");
}

#[test]
fn one_id_for_all_differs_in_the_ids() {
    let actual = three().replace("doc-3", "doc-7").replace("doc-9", "doc-7");
    assert_eq!(
        differing(&three(), &actual),
        [
            "! document_id: \"doc-3\" | document_id: \"doc-7\"",
            "! document_id: \"doc-9\" | document_id: \"doc-7\"",
        ]
    );
}

#[test]
fn calls_about_other_things_are_not_forced_together() {
    let actual = three().replace("doc-3", "doc-4").replace("Dear", "Invoice");
    let rows = differing(&three(), &actual);
    assert_eq!(rows.len(), 14, "{rows:#?}");
    assert!(
        rows.iter()
            .all(|row| row.starts_with("!  | ") || row.ends_with(" | "))
    );
}

#[test]
fn calls_within_a_call_are_paired_with_their_like() {
    let nested = |inner: &[&str], end: &str| {
        let calls = inner.iter().zip(2..).map(|(text, number)| {
            format!(
                "    call {number}  edge > host  /h.H/Rank
      -> RankRequest {{ text: \"{text}\" }}
      -> half-close
      <- RankResponse {{ version: \"1\" }}
      <- OK
"
            )
        });
        let calls: String = calls.collect();
        format!("  call 1  client > edge  /a.B/Ask\n    -> half-close\n{calls}    <- {end}\n")
    };
    // The call of the host is missing, and the outcome stands beside the outcome.
    let rows = rows(&nested(&["a"], "OK"), &nested(&[], "NOT_FOUND"));
    assert_eq!(rows[2], "! call 2  edge > host  /h.H/Rank | ");
    assert_eq!(rows[7], "! <- OK | <- NOT_FOUND");
    // One was made twice.
    let rows = differing(&nested(&["a", "b"], "OK"), &nested(&["a", "a", "b"], "OK"));
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1], "!  | -> RankRequest { text: \"a\" }");
}

#[test]
fn header_stands_beside_the_header_of_its_key_only() {
    let call = |lines: &str| format!("  call 1  client > edge  /a.B/Ask\n{lines}    <- OK\n");
    let expected = call(
        "    -> authorization: Secret\n    -> x-id: 7\n    -> grpc-timeout: 2s\n    -> Q { a: 1 }\n    -> half-close\n",
    );
    let actual = call("    -> x-id: 8\n    -> x-other: 7\n    -> Q { a: 1 }\n");
    assert_eq!(
        rows(&expected, &actual)[1..],
        [
            "! -> authorization: Secret | ",
            "! -> x-id: 7 | -> x-id: 8",
            "! -> grpc-timeout: 2s | ",
            "!  | -> x-other: 7",
            "= -> Q { a: 1 } | -> Q { a: 1 }",
            "! -> half-close | ",
            "= <- OK | <- OK",
        ]
    );
}

#[test]
fn messages_of_a_stream_that_one_side_lacks_stand_alone() {
    let call = |numbers: &[u32]| {
        let messages = numbers
            .iter()
            .map(|n| format!("    <- Answer {{ n: {n}, of: 4 }}\n"));
        format!(
            "  call 1  client > edge  /a.B/Ask\n{}    <- OK\n",
            messages.collect::<String>()
        )
    };
    assert_eq!(
        differing(&call(&[1, 2, 3, 4]), &call(&[1, 3, 4])),
        ["! <- Answer { n: 2, of: 4 } | "]
    );
    assert_eq!(
        differing(&call(&[1, 2, 3]), &call(&[1, 5, 3])),
        ["! <- Answer { n: 2, of: 4 } | <- Answer { n: 5, of: 4 }"]
    );
}

#[test]
fn bytes_of_a_field_stand_beside_the_bytes_of_that_field() {
    let text = "    0a 01  field 1 text, LEN: 1 byte \"a\"\n";
    let count = "    20 03  field 4 max_results, VARINT: 3\n";
    let sent = |below: &str| format!("  program > peer  Request, 5 bytes\n{below}");
    let answer = "  peer > program  Request, 2 bytes\n    20 07  field 4 max_results, VARINT: 7\n";
    // A field is missing, and so is the answer.
    assert_eq!(
        rows(
            &[&sent(&[text, count].concat()), answer].concat(),
            &sent(text)
        ),
        [
            "= program > peer  Request, 5 bytes | program > peer  Request, 5 bytes",
            "= 0a 01  field 1 text, LEN: 1 byte \"a\" | 0a 01  field 1 text, LEN: 1 byte \"a\"",
            "! 20 03  field 4 max_results, VARINT: 3 | ",
            "! peer > program  Request, 2 bytes | ",
            "! 20 07  field 4 max_results, VARINT: 7 | ",
        ]
    );
    let other = "    28 00  field 5 include_keywords, VARINT: 0\n    20 04  field 4 max_results, VARINT: 4\n";
    assert_eq!(
        differing(
            &sent(&[text, count].concat()),
            &sent(&[text, other].concat())
        ),
        [
            "!  | 28 00  field 5 include_keywords, VARINT: 0",
            "! 20 03  field 4 max_results, VARINT: 3 | 20 04  field 4 max_results, VARINT: 4",
        ]
    );
}

/// As the peer's messages are placed by how many the program has sent.
#[test]
fn message_too_many_stands_alone_and_those_that_follow_beside_their_like() {
    let asked = |id: u32| format!("  peer > program  Ask {{ id: {id} }}\n");
    let answer = |id: u32| format!("  program > peer  Answer {{ id: {id}, n: 1 }}\n");
    // The second is to be refused.
    let expected = [
        asked(1),
        answer(1),
        asked(2),
        asked(3),
        answer(3),
        asked(4),
        answer(4),
    ];
    let actual = [
        asked(1),
        answer(1),
        asked(2),
        asked(3),
        answer(2),
        asked(4),
        answer(3),
        answer(4),
    ];
    assert_eq!(
        differing(&expected.concat(), &actual.concat()),
        ["!  | program > peer  Answer { id: 2, n: 1 }"]
    );
    let swapped = [
        asked(1),
        answer(1),
        asked(2),
        asked(3),
        answer(4),
        asked(4),
        answer(3),
    ];
    // Nothing but the order differs, and so that does.
    let rows = differing(&expected.concat(), &swapped.concat());
    assert!(
        rows.contains(
            &"! program > peer  Answer { id: 4, n: 1 } | program > peer  Answer { id: 4, n: 1 }"
                .to_owned()
        )
    );
    // A message that has nothing in common with its like stands at its place.
    let other = expected
        .concat()
        .replace("Answer { id: 3, n: 1 }", "Answer { id: 7 }");
    assert_eq!(
        differing(&expected.concat(), &other),
        ["! program > peer  Answer { id: 3, n: 1 } | program > peer  Answer { id: 7 }"]
    );
}

#[test]
fn message_on_one_line_stands_beside_the_same_field_on_several() {
    let answer = |below: &str| format!("  program > peer  Answer\n    id: 1\n{below}");
    let expected = answer("    results\n      type: A\n      confidence: 0.1\n");
    let actual = answer("    results: { type: B, confidence: 0.1 }\n");
    assert_eq!(
        differing(&expected, &actual),
        [
            "! results | results: { type: B, confidence: 0.1 }",
            "! type: A | ",
            "! confidence: 0.1 | ",
        ]
    );
}

#[test]
fn reported_lines_are_paired_by_what_they_are_about() {
    let reported = |lines: &[&str]| {
        let lines = lines.iter().map(|line| format!("    {line}\n"));
        format!("  reported\n{}", lines.collect::<String>())
    };
    assert_eq!(
        differing(
            &reported(&["doc-1: LETTER", "doc-2: INVOICE", "doc-3: an error"]),
            &reported(&["doc-1: LETTER", "doc-3: INVOICE"]),
        ),
        ["! doc-2: INVOICE | ", "! doc-3: an error | doc-3: INVOICE",]
    );
    // Bare numbers have nothing but their places between those that are the same.
    assert_eq!(
        differing(
            &reported(&["57", "-40", "28"]),
            &reported(&["57", "-41", "28"])
        ),
        ["! -40 | -41"]
    );
    assert_eq!(
        differing(
            &reported(&["57", "not readable"]),
            &reported(&["57", "document 1"])
        ),
        ["! not readable | ", "!  | document 1"]
    );
    assert_eq!(
        differing(
            "  work\n    8 jobs\n    at most 2 at a time\n",
            "  work\n    9 jobs\n    at most 8 at a time\n"
        ),
        [
            "! 8 jobs | 9 jobs",
            "! at most 2 at a time | at most 8 at a time"
        ]
    );
}

#[test]
fn what_is_only_shown_stands_beside_its_kind() {
    let call = |lines: &str| format!("  call 1  client > edge  /a.B/Ask\n{lines}");
    let expected = call("~   -> grpc-timeout: 30s\n~   <- x-request-id: 1\n    <- OK\n");
    let actual = call("~   <- x-request-id: 2\n    <- NOT_FOUND\n");
    assert_eq!(
        rows(&expected, &actual)[1..],
        [
            "= -> grpc-timeout: 30s | ",
            "= <- x-request-id: 1 | <- x-request-id: 2",
            "! <- OK | <- NOT_FOUND",
        ]
    );
}

#[test]
fn calls_that_nothing_tells_apart_are_paired_in_order() {
    let call = |number: u32, service: &str, end: &str| {
        format!(
            "  call {number}  edge > host  /h.H/Check\n    -> Request {{ service: \"{service}\" }}\n    <- {end}\n"
        )
    };
    let expected = |service: &str| {
        let ends = ["OK", "NOT_FOUND", "OK"];
        let calls = (1..)
            .zip(ends)
            .map(|(number, end)| call(number, service, end));
        calls.collect::<String>()
    };
    let row = "! -> Request { service: \"a.B\" } | -> Request { service: \"B\" }";
    assert_eq!(differing(&expected("a.B"), &expected("B")), [row; 3]);
    let rows = differing(&expected("a.B"), &call(1, "a.B", "OK"));
    assert_eq!(rows.len(), 6, "{rows:#?}");
}
