//! What an include may name.

use crate::harness::{Book, text};

const CHAPTER_FILE: &str = "book/src/one.md";
const ANCHORED_CODE: &str = "\
fn one() {
    // ANCHOR: body
    let a = 1;
        let b = 2;
    // ANCHOR: inner
    let c = a < b;
    // ANCHOR_END: inner
    // ANCHOR_END: body
}
";

fn including(what: &str, code: &str) -> Book {
    Book::of(&format!(
        "# One\n\n```rust,ignore\n{{{{#include {what}}}}}\n```\n"
    ))
    .file("code/a.rs", code)
}

#[test]
fn anchored_code_is_shown_without_markers_and_moved_left() {
    let built = including("../../code/a.rs:body", ANCHORED_CODE).builds();
    let code = built.between("one.html", "<code class=\"language-rust", "</code>");
    let (_, code) = code[0].split_once('>').expect("the end of a tag");
    assert_eq!(
        text(code).trim_end(),
        "let a = 1;\n    let b = 2;\nlet c = a < b;"
    );
}

#[test]
fn whole_file_is_shown_without_markers() {
    let built = including("../../code/a.rs", ANCHORED_CODE).builds();
    let page = built.page("one.html");
    assert!(page.contains("let") && !page.contains("ANCHOR"));
}

#[test]
fn escaped_directive_is_shown() {
    let built = Book::of("# One\n\nWrite \\{{#include nowhere.rs}} so.\n").builds();
    assert!(
        built
            .page("one.html")
            .contains("Write {{#include nowhere.rs}} so.")
    );
}

#[test]
fn missing_file_is_rejected() {
    including("../../code/b.rs", ANCHORED_CODE).fails(
        CHAPTER_FILE,
        4,
        "cannot include ../../code/b.rs",
    );
}

#[test]
fn missing_anchor_is_rejected() {
    including("../../code/a.rs:bodi", ANCHORED_CODE).fails(
        CHAPTER_FILE,
        4,
        "has no anchor \"bodi\"",
    );
}

#[test]
fn empty_anchor_is_rejected() {
    let code = "// ANCHOR: gap\n\n// ANCHOR: in\n// ANCHOR_END: in\n// ANCHOR_END: gap\n";
    including("../../code/a.rs:gap", code).fails(CHAPTER_FILE, 4, "is empty");
}

#[test]
fn empty_file_is_rejected() {
    including("../../code/a.rs", "\n").fails(CHAPTER_FILE, 4, "is empty");
}

#[test]
fn unclosed_anchor_is_rejected() {
    let code = "// ANCHOR: gap\nlet a = 1;\n";
    including("../../code/a.rs:gap", code).fails(
        CHAPTER_FILE,
        4,
        "a.rs:1: anchor \"gap\" is never closed",
    );
}

#[test]
fn unopened_anchor_is_rejected() {
    including("../../code/a.rs", "let a = 1;\n// ANCHOR_END: gap\n").fails(
        CHAPTER_FILE,
        4,
        "a.rs:2: anchor \"gap\" is closed but not open",
    );
}

#[test]
fn repeated_anchor_is_rejected() {
    let once = "// ANCHOR: gap\nlet a = 1;\n// ANCHOR_END: gap\n";
    including("../../code/a.rs:gap", &once.repeat(2)).fails(
        CHAPTER_FILE,
        4,
        "a.rs:4: anchor \"gap\" is opened a second time, first in line 1",
    );
}

#[test]
fn line_numbers_are_rejected() {
    including("../../code/a.rs:2:3", ANCHORED_CODE).fails(CHAPTER_FILE, 4, "is not an anchor");
    including("../../code/a.rs:2", ANCHORED_CODE).fails(CHAPTER_FILE, 4, "is not an anchor");
    including("../../code/a.rs:", ANCHORED_CODE).fails(CHAPTER_FILE, 4, "is not an anchor");
}

#[test]
fn file_outside_of_the_repository_is_rejected() {
    including("../../../../etc/hostname", ANCHORED_CODE).fails(
        CHAPTER_FILE,
        4,
        "lies outside the repository",
    );
}

#[test]
fn unknown_directive_is_rejected() {
    let chapter = "# One\n\n{{#rustdoc_include a.rs}}\n";
    Book::of(chapter).fails(
        CHAPTER_FILE,
        3,
        "there is no directive {{#rustdoc_include}}",
    );
}

#[test]
fn unclosed_directive_is_rejected() {
    Book::of("# One\n\n{{#include a.rs\n}}\n").fails(CHAPTER_FILE, 3, "is not closed");
}

#[test]
fn all_problems_are_reported_at_once() {
    let result = std::panic::catch_unwind(|| {
        Book::of("{{#include a}}\n{{#include b}}\n").fails(CHAPTER_FILE, 1, "a");
    });
    let message = *result.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.contains("one.md:1") && message.contains("one.md:2"),
        "{message}"
    );
}
