//! What a check prints, on pages and in the README.

use crate::harness::{Book, text};

const SCREENS: &str = "---\nsource: a.rs\n---\n=== first one: the starter\n    expected\n\nunary.1  not done yet  <a>\n\n=== passed\nunary.1  passed\n";

fn book(chapter: &str) -> Book {
    Book::of(chapter).file(
        "tests/course/tests/course/screens/recorded/unary.1-80.snap",
        SCREENS,
    )
}

#[test]
fn screen_is_shown_as_it_is_recorded() {
    let built = book("# One\n\n{{#screen unary.1 first one}}\n\nEnd.\n").builds();
    let shown = built.between("one.html", "<code class=\"language-text", "</code>");
    let shown = text(&format!("<{}", shown[0]));
    assert_eq!(shown, "    expected\n\nunary.1  not done yet  <a>\n");
}

#[test]
fn unknown_screens_are_rejected() {
    let file = "book/src/one.md";
    book("# One\n\n{{#screen unary.1 pased}}\n").fails(file, 3, "has no screen \"pased\"");
    book("# One\n\n{{#screen unary.2 passed}}\n").fails(file, 3, "unary.2-80.snap");
    book("# One\n\n{{#screen unary.1}}\n").fails(file, 3, "is not a screen");
}

#[test]
fn mistake_is_the_rows_the_verdict_and_what_was_seen() {
    let recorded = "---\nsource: a.rs\n---\n=== late: a\n    expected  │ yours\n    (1 call equal)\n  ≠ one       │ two\n    (3 more rows; `check --full`\n     shows all)\n\nunary.1  crashed\n  a title that is long\n  why     It.\n  seen    One\n          went.\n  likely  Two.\n          Or one.\n  next    edit\n\n=== good\n    a\n\nunary.1  passed\n  next    go on\n";
    let book = |chapter: &str| {
        Book::of(chapter).file(
            "tests/course/tests/course/screens/recorded/unary.1-60.snap",
            recorded,
        )
    };
    let built = book("# One\n\n{{#mistake unary.1 late}}\n").builds();
    let shown = built.between("one.html", "<code class=\"language-text narrow", "</code>");
    assert_eq!(
        text(&format!("<{}", shown[0])),
        "    expected  │ yours\n    (1 call equal)\n  ≠ one       │ two\n\nunary.1  crashed\n  seen    One\n          went.\n"
    );
    let file = "book/src/one.md";
    book("# One\n\n{{#mistake unary.1 good}}\n").fails(file, 3, "is not the screen of a mistake");
    book("# One\n\n{{#mistake unary.1 lat}}\n").fails(file, 3, "has no screen \"lat\"");
}

#[test]
fn readme_is_compared() {
    let readme = |block: &str| {
        format!(
            "# It\n\n<!-- screen: unary.1 passed -->\n```text\n{block}\n```\n\n```text\nother\n```\n"
        )
    };
    book("# One\n")
        .file("README.md", &readme("unary.1  passed"))
        .builds();
    book("# One\n")
        .file("README.md", &readme("unary.1  has passed"))
        .fails("README.md", 3, "the block below is not what is recorded");
}

#[test]
fn transcript_in_the_readme_is_compared() {
    let transcript = "wirebook-transcript 2\n  call 1  a > b  /c.D/E\n    <- OK\n  call 2  a > b  /c.D/E\n    <- INTERNAL\n";
    let readme = |block: &str| format!("<!-- transcript: unary.1 2 -->\n```text\n{block}\n```\n");
    let book = || book("# One\n").snapshot("unary.1", transcript);
    book()
        .file(
            "README.md",
            &readme("  call 2  a > b  /c.D/E\n    <- INTERNAL"),
        )
        .builds();
    book()
        .file("README.md", &readme("  call 1  a > b  /c.D/E\n    <- OK"))
        .fails("README.md", 1, "the block below is not what is recorded");
}

#[test]
fn typed_output_is_rejected() {
    book("# One\n\n```console\n$ cargo xtask check\nunary.1  passed\n```\n").fails(
        "book/src/one.md",
        5,
        "a console block has output of the course that is typed",
    );
}
