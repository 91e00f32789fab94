//! Printing and parsing are inverses, whatever a transcript says; and no text makes the parser panic.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use tap::{
    Code, Content, Direction, Exchanged, Line, Payload, RawBytes, ResetCode, Timeout, Transcript,
    What,
};

/// Texts that read as something else, or that a line cannot hold as they are.
const TRICKY: [&str; 33] = [
    "",
    " ",
    "\"",
    "\\",
    "\"\"",
    "->",
    "-> x",
    "<- OK",
    "call ",
    "call",
    "call 1  a > b  /c",
    "a > b",
    "a > b  c",
    "OK",
    "CODE_17",
    "CODE_5",
    "cancel",
    "half-close",
    "nothing yet",
    "malformed",
    "grpc-timeout",
    "12 bytes",
    "1 byte, not a Thing",
    "A {}",
    "{ a }",
    "x: y",
    "0a 02  field",
    "-  field",
    "~ x",
    "two\nlines",
    "\r",
    "\u{a0}wide\u{3000}",
    "\u{202e}\u{2028}\u{85}",
];

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        "[a-z][a-z0-9-]{0,8}",
        "[A-Z][A-Za-z0-9_]{0,8}",
        select(&TRICKY[..]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn raw_bytes() -> impl Strategy<Value = RawBytes> {
    let length = prop_oneof![0..3_usize, any::<usize>()];
    (text(), length, 0..3).prop_map(|(name, length, kind)| match kind {
        0 => RawBytes::Untyped { length },
        1 => RawBytes::Compressed { length },
        _ => RawBytes::NotA { name, length },
    })
}

fn payload() -> impl Strategy<Value = Payload> {
    prop_oneof![
        (text(), proptest::option::of(text()))
            .prop_map(|(name, fields)| Payload::Message { name, fields }),
        raw_bytes().prop_map(Payload::Bytes),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let timeout = prop_oneof![
        any::<Duration>().prop_map(Timeout::Exact),
        (0..4_000_u64).prop_map(|ms| Timeout::Exact(Duration::from_millis(ms))),
        Just(Timeout::WithinLeft),
        Just(Timeout::MoreThanLeft),
        Just(Timeout::LessThanHalf),
    ];
    let code = prop_oneof![-2..20_i32, any::<i32>()];
    prop_oneof![
        (text(), text()).prop_map(|(key, value)| What::Metadata { key, value }),
        timeout.prop_map(What::Timeout),
        payload().prop_map(What::from),
        code.prop_map(|number| What::Status(Code::from(number))),
        any::<u32>().prop_map(|number| What::Reset(ResetCode::from(number))),
        text().prop_map(What::Malformed),
        select(&[What::HalfClose, What::Cancel, What::Lost, What::Pending][..]),
    ]
}

fn content() -> impl Strategy<Value = Content> {
    let direction = select(&[Direction::Request, Direction::Response][..]);
    let call = (any::<u32>(), text(), text(), text());
    let exchanged = prop_oneof![
        payload().prop_map(Exchanged::Payload),
        (text(), any::<usize>()).prop_map(|(name, length)| Exchanged::Dump { name, length }),
    ];
    let bytes = proptest::collection::vec(any::<u8>(), 0..6);
    prop_oneof![
        2 => call.prop_map(|(number, from, to, path)| Content::Call { number, from, to, path }),
        6 => (direction, what()).prop_map(|(direction, what)| Content::Arrow { direction, what }),
        2 => (text(), text(), exchanged)
            .prop_map(|(from, to, what)| Content::Exchange { from, to, what }),
        2 => (bytes, 0..4_usize, text()).prop_map(|(bytes, padding, meaning)| Content::Dump {
            width: (bytes.len() * 3).saturating_sub(1).max(1) + padding,
            bytes,
            meaning,
        }),
        1 => text().prop_map(Content::Heading),
        2 => text().prop_map(Content::Detail),
    ]
}

/// Whether this may stand directly in that, or at depth 0 where that is `None`.
fn fits(content: &Content, holder: Option<&Content>) -> bool {
    match content {
        Content::Call { .. } => matches!(holder, None | Some(Content::Call { .. })),
        Content::Arrow { .. } => matches!(holder, Some(Content::Call { .. })),
        Content::Exchange { .. } | Content::Heading(_) => holder.is_none(),
        Content::Dump { .. } => matches!(
            holder,
            Some(Content::Dump { .. } | Content::Exchange { .. })
        ),
        Content::Detail(_) => holder.is_some(),
    }
}

/// Lines at depths where they may stand. What fits nowhere is left out.
fn transcript() -> impl Strategy<Value = Transcript> {
    let line = (any::<Index>(), any::<bool>(), content());
    proptest::collection::vec(line, 0..20).prop_map(|all| {
        let mut lines: Vec<Line> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (choice, compared, content) in all {
            let holder = |depth: usize| depth.checked_sub(1).map(|at| &lines[open[at]].content);
            let depths: Vec<_> = (0..=open.len())
                .filter(|depth| fits(&content, holder(*depth)))
                .collect();
            if depths.is_empty() {
                continue;
            }
            let depth = *choice.get(&depths);
            open.truncate(depth);
            open.push(lines.len());
            lines.push(Line {
                depth,
                compared,
                content,
            });
        }
        Transcript { lines }
    })
}

/// The same cases each time: a test must not fail by chance on a day when nothing changed.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 400,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_printed_is_read_back(transcript in transcript()) {
        let text = transcript.to_string();
        prop_assert_eq!(text.lines().count(), transcript.lines.len() + 1, "{}", text);
        prop_assert_eq!(text.parse::<Transcript>(), Ok(transcript), "{}", text);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = text.parse::<Transcript>();
        let _ = format!("wirebook-transcript 2\n{text}").parse::<Transcript>();
        let _ = format!("wirebook-transcript 2\n  call 1  a > b  /c\n    -> {text}").parse::<Transcript>();
    }

    /// A character of a transcript is another one, or is gone: what is still a transcript says what it is printed as.
    #[test]
    fn what_is_read_is_what_would_be_printed(
        transcript in transcript(),
        place in any::<Index>(),
        other in proptest::option::of(prop_oneof![any::<char>(), select(&[' ', '"', '-', '0', ':', '\n'][..])]),
    ) {
        let mut characters: Vec<_> = transcript.to_string().chars().collect();
        let place = place.index(characters.len());
        characters.splice(place..=place, other);
        let text: String = characters.into_iter().collect();
        if let Ok(read) = text.parse::<Transcript>() {
            let printed = read.to_string();
            prop_assert!(printed.lines().eq(text.lines()), "{}{}", text, printed);
        }
    }
}
