//! The page with the grammar, `TRANSCRIPT.md`: its examples are what the parser takes and what it does not.

use std::collections::BTreeSet;

use tap::{Content, Exchanged, ParseError, Payload, RawBytes, Timeout, Transcript, What};

/// What kind of line this is, by the names of [`kinds`]. No wildcard: a kind that is added is named here as well.
pub fn kind(content: &Content) -> &'static str {
    match content {
        Content::Call { .. } => "call",
        Content::Arrow { what, .. } => match what {
            What::Metadata { .. } => "metadata",
            What::Timeout(Timeout::Exact(_)) => "timeout",
            What::Timeout(Timeout::WithinLeft) => "timeout within what is left",
            What::Timeout(Timeout::MoreThanLeft) => "timeout more than is left",
            What::Timeout(Timeout::LessThanHalf) => "timeout less than half",
            What::Message { fields: None, .. } => "message",
            What::Message {
                fields: Some(_), ..
            } => "message on one line",
            What::Bytes(RawBytes::Untyped { .. }) => "bytes",
            What::Bytes(RawBytes::Compressed { .. }) => "bytes compressed",
            What::Bytes(RawBytes::NotA { .. }) => "bytes not decodable",
            What::HalfClose => "half-close",
            What::Status(_) => "status",
            What::Cancel => "cancel",
            What::Reset(_) => "reset",
            What::Lost => "lost",
            What::Malformed(_) => "malformed",
            What::Pending => "pending",
        },
        Content::Exchange { what, .. } => match what {
            Exchanged::Payload(Payload::Message { .. }) => "exchange of a message",
            Exchanged::Payload(Payload::Bytes(_)) => "exchange of bytes",
            Exchanged::Dump { .. } => "exchange dumped",
        },
        Content::Dump { .. } => "dump",
        Content::Heading(_) => "heading",
        Content::Detail(_) => "detail",
    }
}

/// All kinds of lines.
pub fn kinds() -> BTreeSet<&'static str> {
    [
        "call",
        "metadata",
        "timeout",
        "timeout within what is left",
        "timeout more than is left",
        "timeout less than half",
        "message",
        "message on one line",
        "bytes",
        "bytes compressed",
        "bytes not decodable",
        "half-close",
        "status",
        "cancel",
        "reset",
        "lost",
        "malformed",
        "pending",
        "exchange of a message",
        "exchange of bytes",
        "exchange dumped",
        "dump",
        "heading",
        "detail",
    ]
    .into()
}

const PAGE: &str = include_str!("../../TRANSCRIPT.md");

/// The blocks of the page that are fenced under this name.
fn blocks(name: &str) -> Vec<String> {
    let fence = format!("```{name}\n");
    let begun = PAGE.split(&fence).skip(1);
    let blocks: Vec<_> = begun
        .map(|rest| {
            rest.split_once("```")
                .expect("the fence is closed")
                .0
                .to_owned()
        })
        .collect();
    assert!(!blocks.is_empty(), "the page has no block {name}");
    blocks
}

#[test]
fn the_transcripts_of_the_page_are_transcripts_of_every_kind() {
    let mut seen = BTreeSet::new();
    for block in blocks("transcript") {
        let transcript: Transcript = block
            .parse()
            .unwrap_or_else(|error| panic!("{error}:\n{block}"));
        assert_eq!(transcript.to_string(), block);
        seen.extend(transcript.lines.iter().map(|line| kind(&line.content)));
    }
    assert_eq!(seen, kinds());
}

/// The first line of such a block is what the parser says of the rest.
#[test]
fn the_errors_of_the_page_are_what_the_parser_says() {
    for block in blocks("rejected") {
        let (error, text) = block.split_once('\n').expect("an error and a text");
        let rejected = text
            .parse::<Transcript>()
            .map_err(|error| error.to_string());
        assert_eq!(rejected, Err(error.to_owned()), "{text}");
    }
}

#[test]
fn other_versions_and_other_texts_are_rejected() {
    for text in [
        "",
        "\n",
        "  call 1  a > b  /c\n",
        "wirebook-transcript\n",
        "wirebook-transcripts 1\n",
    ] {
        let error = text.parse::<Transcript>().unwrap_err();
        assert_eq!(error.line, 1);
        assert!(error.reason.contains("record it again"), "{error}");
    }
    let newer: Result<Transcript, ParseError> = "wirebook-transcript 3\n  -> new\n".parse();
    let newer = newer.unwrap_err().to_string();
    assert!(
        newer.contains("version \"3\"") && newer.contains("release"),
        "{newer}"
    );
    assert_eq!("wirebook-transcript 2\n".parse(), Ok(Transcript::default()));
    assert_eq!(
        "wirebook-transcript 2\r\n  a\r\n"
            .parse::<Transcript>()
            .unwrap()
            .lines
            .len(),
        1
    );
}

#[test]
fn each_thing_is_written_in_one_way() {
    let in_call = |text: &str| format!("wirebook-transcript 2\n  call 1  a > b  /c\n    {text}\n");
    for text in [
        "-> CODE_5",
        "-> 1 bytes",
        "-> 2 byte",
        "-> 07 bytes",
        "-> 3 bytes, not an Thing",
        "-> grpc-timeout: 1000ms",
        "-> grpc-timeout: 1.0s",
        "-> grpc-timeout: soon",
        "-> reset, HTTP/2 error +7",
        "-> \"x-id\": 1",
        "-> x-id: \"1\"",
        "-> x-id:",
        "-> x-id: 1 ",
        "-> X-Id: 1",
        "-> Thing {}  ",
        "-> Thing { }",
        "-> Thing {",
        "-> \"Thing\"",
        "-> Thing, 3 bytes",
        "-> OK {}",
        "-> OK: fine",
        "-> ok then",
        "-> malformed: ",
        "->",
        "->half-close",
        "<-  OK",
        "\"detail\"",
        "\"open",
        "0A 02  upper case",
        "call 01  a > b  /c",
        "call 1 a > b  /c",
    ] {
        // A detail may say anything, and hexadecimal in capitals is not a dump.
        let parsed = in_call(text).parse::<Transcript>();
        let is_detail = text.starts_with("0A");
        assert_eq!(parsed.is_ok(), is_detail, "{text}: {parsed:?}");
    }
}
