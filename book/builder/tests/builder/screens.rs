//! What a check prints, on pages and in the README.

use crate::harness::{Book, text};

const SCREENS: &str = "---\nsource: a.rs\n---\n=== unfinished\n\n  expected\n\nunary.1  not done yet  <a>\n\n=== passed\n\nunary.1  passed\n";

fn book(chapter: &str) -> Book {
    Book::of(chapter).file("tests/course/tests/course/screens/unary.1-80.snap", SCREENS)
}

#[test]
fn screen_is_shown_as_it_is_recorded() {
    let built = book("# One\n\n{{#screen unary.1 unfinished}}\n\nEnd.\n").builds();
    let shown = built.between("one.html", "<code class=\"language-text", "</code>");
    let shown = text(&format!("<{}", shown[0]));
    assert_eq!(shown, "  expected\n\nunary.1  not done yet  <a>\n");
}

#[test]
fn unknown_screens_are_rejected() {
    let file = "book/src/one.md";
    book("# One\n\n{{#screen unary.1 pased}}\n").fails(file, 3, "has no screen \"pased\"");
    book("# One\n\n{{#screen unary.2 passed}}\n").fails(file, 3, "unary.2-80.snap");
    book("# One\n\n{{#screen unary.1}}\n").fails(file, 3, "is not a screen");
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
        .fails("README.md", 3, "the block below is not the recorded screen");
}

#[test]
fn typed_output_is_rejected() {
    book("# One\n\n```console\n$ cargo xtask check\nunary.1  passed\n```\n").fails(
        "book/src/one.md",
        5,
        "a console block has output of the course that is typed",
    );
}
