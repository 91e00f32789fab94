//! Links, chapters and what pages load.

use crate::harness::Book;

const CHAPTER: &str = "book/src/one.md";

#[test]
fn links_that_lead_somewhere() {
    let built =
        Book::of("# One\n\n[two](sub/two.md#a-b), [here](#one), [docs](https://docs.rs/tonic).\n")
            .chapter("sub/two.md", "# Two\n\n## A b\n\n[back](../one.md)\n")
            .builds();
    let checked = built.report.checked.expect("it was checked");
    assert_eq!(checked.external, 1);
    assert!(checked.heaviest.bytes > checked.heaviest.html);
}

#[test]
fn a_link_to_no_page() {
    Book::of("# One\n\n[two](two.md)\n").fails(CHAPTER, 3, "two.html leads to no file");
}

#[test]
fn a_link_to_a_place_that_is_not_on_the_page() {
    Book::of("# One\n\n\n[two](two.md#tow)\n")
        .chapter("two.md", "# Two\n")
        .fails(CHAPTER, 4, "two.html has no \"#tow\"");
    Book::of("# One\n\n[here](#on)\n").fails(CHAPTER, 3, "one.html has no \"#on\"");
}

#[test]
fn a_picture_that_is_not_there() {
    Book::of("# One\n\n![a picture](a.svg)\n").fails(CHAPTER, 3, "a.svg leads to no file");
}

#[test]
fn a_picture_from_another_origin() {
    let chapter = "# One\n\n![a picture](https://example.com/a.svg)\n";
    Book::of(chapter).fails(CHAPTER, 3, "from another origin");
}

#[test]
fn a_style_sheet_that_loads_from_another_origin() {
    let css = "\n@import url(\"https://example.com/a.css\");\n";
    let problem = Book::of("# One\n")
        .file("book/theme/wirebook.css", css)
        .fails_anywhere("loads https://example.com/a.css from another origin");
    assert_eq!(problem.line, 2);
}

#[test]
fn a_link_out_of_the_book() {
    Book::of("# One\n\n[code](../code/a.rs)\n").fails(CHAPTER, 3, "leads out of the book");
}

#[test]
fn an_id_that_is_there_twice() {
    Book::of("# One\n\n<p id=\"a\">a</p>\n<p id=\"a\">b</p>\n").fails(
        CHAPTER,
        3,
        "the id \"a\" is there twice",
    );
}

#[test]
fn a_chapter_that_nobody_lists() {
    Book::of("# One\n")
        .file("book/src/two.md", "# Two\n")
        .fails("book/src/two.md", 0, "no line of SUMMARY.md");
}

#[test]
fn a_chapter_that_is_listed_and_not_there() {
    Book::of("# One\n").listed("two.md").fails(
        "book/src/SUMMARY.md",
        4,
        "there is no chapter two.md",
    );
}

#[test]
fn a_page_that_is_too_heavy() {
    let chapter = format!("# One\n\n{}", "word ".repeat(60_000));
    Book::of(&chapter).fails_anywhere("the page weighs");
}

#[test]
fn what_mdbook_only_warns_of() {
    Book::of("# One\n\n<div>\n\nnever closed\n").fails(
        "book/book.toml",
        0,
        "mdBook says: unclosed HTML tag",
    );
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    Book::of("# One\n")
        .file("out/letter.txt", "dear")
        .fails_anywhere("the folder is not a built book");
}
