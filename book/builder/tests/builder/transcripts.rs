//! Transcripts on a page.

use std::collections::HashSet;

use crate::harness::{Book, text};

const UNARY_LINES: &str = "  call 1  client > server  /a.v1.Service/Ask
~   -> x-id: <1>
    -> AskRequest { text: \"a < b && c\" }
    -> half-close
    <- NOT_FOUND
~     message: \"no \\\"such\\\" thing\"
";

/// A snapshot's text: the version, which the page does not show, and the lines.
fn text_of(lines: &str) -> String {
    format!("wirebook-transcript 2\n{lines}")
}

#[test]
fn transcript_is_shown_as_picture_and_text() {
    let built = Book::of("# One\n\n{{#transcript unary.1}}\n")
        .snapshot("unary.1", &text_of(UNARY_LINES))
        .builds();
    let shown = built.between("one.html", "<pre class=\"transcript\"", "</pre>");
    let (_, shown) = shown[0].split_once('>').expect("the end of a tag");
    assert_eq!(text(shown), UNARY_LINES, "without a change");
    let figure = &built.between("one.html", "<figure", "</figure>")[0];
    for class in [
        "call",
        "request metadata shown-only",
        "request message",
        "response failed",
        "detail shown-only",
    ] {
        assert!(
            figure.contains(&format!("class=\"line {class}\"")),
            "{class}"
        );
    }
    assert!(figure.contains("class=\"arrow response failed\"") && figure.contains("role=\"img\""));
    let svg = &built.between("one.html", "<svg", "</svg>")[0];
    assert!(
        !svg.contains("\n\n") && !figure.contains("<p>"),
        "a blank line ends HTML within Markdown"
    );
    assert!(
        !figure.contains("<1>") && !figure.contains("a < b"),
        "escaped"
    );
    assert!(figure.contains("never compared"), "the mark is explained");
}

#[test]
fn picture_and_text_can_be_shown_alone() {
    let built = Book::of("{{#diagram unary.1}}\n\nand\n\n{{#transcript-text unary.1}}\n")
        .snapshot("unary.1", &text_of(UNARY_LINES))
        .builds();
    let figures = built.between("one.html", "<figure", "</figure>");
    assert!(figures[0].contains("<svg") && !figures[0].contains("<pre"));
    assert!(figures[1].contains("<pre") && !figures[1].contains("<svg"));
}

#[test]
fn ids_are_unique_even_where_all_chapters_share_a_page() {
    let chapter = "{{#transcript unary.1}}\n\n{{#transcript unary.1}}\n";
    let built = Book::of(chapter)
        .chapter("two.md", chapter)
        .snapshot("unary.1", &text_of(UNARY_LINES))
        .builds();
    let ids = built.between("print.html", " id=\"wire-", "\"");
    let unique: HashSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), unique.len()), (12, 12), "{ids:?}");
    for attribute in ["aria-labelledby", "aria-details"] {
        let named = built.between("print.html", &format!("{attribute}=\"wire-"), "\"");
        assert_eq!(named.len(), 4, "{attribute}");
        for named in named {
            assert!(unique.contains(&named), "{named} is an id");
        }
    }
}

#[test]
fn bytes_are_drawn_as_a_strip() {
    let bytes = "  program > peer  Ask, 3 bytes\n    0a 01  field 1 text, LEN: 1 byte \"A\"\n";
    let page = |directive| {
        Book::of(&format!("# One\n\n{{{{#{directive} protobuf.1}}}}\n"))
            .snapshot("protobuf.1", &text_of(bytes))
            .builds()
            .page("one.html")
    };
    let both = page("transcript");
    assert!(both.contains("class=\"transcript\"") && both.contains("class=\"strip\""));
    assert!(!both.contains("class=\"sequence\"") && both.contains("the place of its first byte"));
    let picture = page("diagram");
    assert!(!picture.contains("class=\"transcript\"") && picture.contains("class=\"strip\""));
    assert!(picture.contains("The bytes of <code>protobuf.1</code>"));
    assert!(!page("transcript-text").contains("class=\"strip\""));
}

#[test]
fn values_have_no_picture() {
    let values = "  reported\n    doc-001: INVOICE\n";
    let book = |directive| {
        Book::of(&format!("# One\n\n{{{{#{directive} protobuf.1}}}}\n"))
            .snapshot("protobuf.1", &text_of(values))
    };
    let page = book("transcript").builds().page("one.html");
    assert!(page.contains("class=\"transcript\"") && !page.contains("class=\"sequence\""));
    book("diagram").fails("book/src/one.md", 3, "has no call and no bytes to draw");
}

#[test]
fn pictures_are_not_searched() {
    let built = Book::of("# One\n\nThe **ending**.\n\n{{#transcript unary.1}}\n")
        .snapshot("unary.1", &text_of(UNARY_LINES))
        .builds();
    let index = built.search_index();
    assert!(
        index.contains("ending") && index.contains("one.html#one"),
        "{index}"
    );
    for drawn in ["half", "not_found", "askrequest"] {
        assert!(!index.to_lowercase().contains(drawn), "{drawn} in {index}");
    }
}

#[test]
fn missing_snapshot_is_rejected() {
    Book::of("# One\n\n{{#transcript unary.9}}\n").fails(
        "book/src/one.md",
        3,
        "unary.9 has no expected.snap",
    );
}

#[test]
fn malformed_snapshot_is_rejected() {
    let book = Book::of("# One\n\n{{#transcript unary.1}}\n");
    book.snapshot("unary.1", "call me\n")
        .fails("book/src/one.md", 3, "line 1 of the transcript");
    let book = Book::of("# One\n\n{{#transcript unary.1}}\n");
    book.snapshot("unary.1", &text_of("  call 1  a > b  /c\n    -> gave up\n"))
        .fails("book/src/one.md", 3, "line 3 of the transcript");
}

#[test]
fn path_is_not_an_exercise() {
    Book::of("{{#transcript ../unary}}\n").fails("book/src/one.md", 1, "is not an exercise");
}

#[test]
fn transcript_in_a_paragraph_or_a_fence_is_rejected() {
    let book = |text: &str| Book::of(text).snapshot("unary.1", &text_of(UNARY_LINES));
    book("See {{#transcript unary.1}}\n").fails("book/src/one.md", 1, "does not stand alone");
    book("```\n{{#transcript unary.1}}\n```\n").fails("book/src/one.md", 2, "does not stand alone");
}
