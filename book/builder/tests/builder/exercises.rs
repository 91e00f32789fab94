//! An exercise's section, from its folder.

use crate::harness::Book;

const EXERCISE_MD: &str = "\
---
title: one & only
page: one.md
minutes: 1
points: 2
entry: it
---

Return `it`.

And more of it.

## Hint 1

a

## Hint 2

b

## Hint 3

{{hint}}

## Note

Another [way](https://example.com/).
";

const SOLUTION_RS: &str = "fn it() -> u8 {\n    // gap\n    // uses: ;\n    // hint: ...\n    40 + 2\n    // end of gap\n}\n";

fn book(chapter: &str) -> Book {
    let folder = "solutions/01-unary/1-it";
    Book::of(chapter)
        .file(&format!("{folder}/exercise.md"), EXERCISE_MD)
        .file(&format!("{folder}/solution.rs"), SOLUTION_RS)
        .file(
            "solutions/01-unary/lesson.md",
            "---\ntitle: one\n---\nIt.\n",
        )
}

#[test]
fn section_has_all_of_the_exercise() {
    let page = book("# One\n\n{{#exercise unary.1}}\n\nEnd.\n")
        .builds()
        .page("one.html");
    for part in [
        "<h2 id=\"exercise-unary-1\">",
        "Exercise unary.1: one &amp; only",
        "<section class=\"exercise\" aria-labelledby=\"exercise-unary-1\">",
        "<span class=\"minutes\">1 minute</span> <span class=\"points\">2 points</span>",
        "Open <code>lessons/01-unary/src/ex1_it.rs</code>. Return <code>it</code>.",
        "cargo xtask check unary.1",
        "<p>And more of it.</p>",
        "<a href=\"https://example.com/\">way</a>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("// hint"), "marks are not shown");
    assert_eq!(
        page.matches("only</").count(),
        1,
        "one heading says it\n{page}"
    );
}

#[test]
fn imports_that_a_learner_writes_are_part_of_the_solution() {
    let imports = format!("// imports\nuse a::B;\n// end of imports\n\n{SOLUTION_RS}");
    let page = book("# One\n\n{{#exercise unary.1}}\n")
        .file("solutions/01-unary/1-it/solution.rs", &imports)
        .builds()
        .page("one.html");
    let solution = page.split("own solution").nth(1).expect("it is folded");
    let (imports, code) = (solution.find(" a::"), solution.find(">40<"));
    assert!(imports.is_some() && imports < code, "{solution}");
}

#[test]
fn section_stands_on_the_page_that_the_exercise_names() {
    book("# One\n")
        .chapter("two.md", "# Two\n\n{{#exercise unary.1}}\n")
        .fails(
            "book/src/two.md",
            3,
            "unary.1 says that it stands on another page, one.md",
        );
}

#[test]
fn unknown_exercises_are_rejected() {
    book("# One\n\n{{#exercise unary.2}}\n").fails(
        "book/src/one.md",
        3,
        "there is no exercise \"unary.2\"",
    );
}

#[test]
fn malformed_exercises_are_reported() {
    let lesson = "solutions/01-unary/lesson.md";
    book("# One\n\n{{#exercise unary.1}}\n")
        .file(lesson, "It.\n")
        .fails_anywhere("a head between two lines `---` is wanted");
}
