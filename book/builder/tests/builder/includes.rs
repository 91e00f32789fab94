//! What an include may name.

use crate::harness::{Book, text};

const CHAPTER: &str = "book/src/one.md";
const CODE: &str = "\
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
fn an_anchor_is_shown_without_its_markers_and_moved_left() {
    let built = including("../../code/a.rs:body", CODE).builds();
    let code = built.between("one.html", "<code class=\"language-rust", "</code>");
    let (_, code) = code[0].split_once('>').expect("the end of a tag");
    assert_eq!(
        text(code).trim_end(),
        "let a = 1;\n    let b = 2;\nlet c = a < b;"
    );
}

#[test]
fn a_whole_file_is_shown_without_markers() {
    let built = including("../../code/a.rs", CODE).builds();
    let page = built.page("one.html");
    assert!(page.contains("let") && !page.contains("ANCHOR"));
}

#[test]
fn an_escaped_directive_is_shown() {
    let built = Book::of("# One\n\nWrite \\{{#include nowhere.rs}} so.\n").builds();
    assert!(
        built
            .page("one.html")
            .contains("Write {{#include nowhere.rs}} so.")
    );
}

#[test]
fn a_file_that_is_not_there() {
    including("../../code/b.rs", CODE).fails(CHAPTER, 4, "cannot include ../../code/b.rs");
}

#[test]
fn an_anchor_that_is_not_there() {
    including("../../code/a.rs:bodi", CODE).fails(CHAPTER, 4, "has no anchor \"bodi\"");
}

#[test]
fn an_anchor_around_nothing() {
    let code = "// ANCHOR: gap\n\n// ANCHOR: in\n// ANCHOR_END: in\n// ANCHOR_END: gap\n";
    including("../../code/a.rs:gap", code).fails(CHAPTER, 4, "is empty");
}

#[test]
fn a_file_of_nothing() {
    including("../../code/a.rs", "\n").fails(CHAPTER, 4, "is empty");
}

#[test]
fn an_anchor_that_is_never_closed() {
    let code = "// ANCHOR: gap\nlet a = 1;\n";
    including("../../code/a.rs:gap", code).fails(
        CHAPTER,
        4,
        "a.rs:1: anchor \"gap\" is never closed",
    );
}

#[test]
fn an_anchor_that_is_closed_but_not_open() {
    including("../../code/a.rs", "let a = 1;\n// ANCHOR_END: gap\n").fails(
        CHAPTER,
        4,
        "a.rs:2: anchor \"gap\" is closed but not open",
    );
}

#[test]
fn an_anchor_that_is_opened_twice() {
    let once = "// ANCHOR: gap\nlet a = 1;\n// ANCHOR_END: gap\n";
    including("../../code/a.rs:gap", &once.repeat(2)).fails(
        CHAPTER,
        4,
        "a.rs:4: anchor \"gap\" is opened a second time, first in line 1",
    );
}

#[test]
fn line_numbers() {
    including("../../code/a.rs:2:3", CODE).fails(CHAPTER, 4, "is no anchor");
    including("../../code/a.rs:2", CODE).fails(CHAPTER, 4, "is no anchor");
    including("../../code/a.rs:", CODE).fails(CHAPTER, 4, "is no anchor");
}

#[test]
fn a_file_outside_of_the_repository() {
    including("../../../../etc/hostname", CODE).fails(CHAPTER, 4, "lies outside the repository");
}

#[test]
fn a_directive_that_nobody_knows() {
    let chapter = "# One\n\n{{#rustdoc_include a.rs}}\n";
    Book::of(chapter).fails(CHAPTER, 3, "there is no directive {{#rustdoc_include}}");
}

#[test]
fn a_directive_that_is_not_closed() {
    Book::of("# One\n\n{{#include a.rs\n}}\n").fails(CHAPTER, 3, "is not closed");
}

#[test]
fn every_problem_is_told_at_once() {
    let result = std::panic::catch_unwind(|| {
        Book::of("{{#include a}}\n{{#include b}}\n").fails(CHAPTER, 1, "a");
    });
    let message = *result.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.contains("one.md:1") && message.contains("one.md:2"),
        "{message}"
    );
}
