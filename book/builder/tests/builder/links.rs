//! Links, chapters and what pages load.

use crate::harness::Book;

const CHAPTER_FILE: &str = "book/src/one.md";

#[test]
fn valid_links_are_accepted() {
    let built =
        Book::of("# One\n\n[two](sub/two.md#a-b), [here](#one), [docs](https://docs.rs/tonic).\n")
            .chapter("sub/two.md", "# Two\n\n## A b\n\n[back](../one.md)\n")
            .builds();
    let checked = built.report.checked.expect("it was checked");
    assert_eq!(checked.external, 1);
    assert!(checked.heaviest.bytes > checked.heaviest.html);
}

#[test]
fn link_to_a_missing_page_is_rejected() {
    Book::of("# One\n\n[two](two.md)\n").fails(CHAPTER_FILE, 3, "two.html leads to no file");
}

#[test]
fn link_to_a_missing_heading_is_rejected() {
    Book::of("# One\n\n\n[two](two.md#tow)\n")
        .chapter("two.md", "# Two\n")
        .fails(CHAPTER_FILE, 4, "two.html has no \"#tow\"");
    Book::of("# One\n\n[here](#on)\n").fails(CHAPTER_FILE, 3, "one.html has no \"#on\"");
}

#[test]
fn missing_picture_is_rejected() {
    Book::of("# One\n\n![a picture](a.svg)\n").fails(CHAPTER_FILE, 3, "a.svg leads to no file");
}

#[test]
fn picture_from_another_origin_is_rejected() {
    let chapter = "# One\n\n![a picture](https://example.com/a.svg)\n";
    Book::of(chapter).fails(CHAPTER_FILE, 3, "from another origin");
}

#[test]
fn style_sheet_from_another_origin_is_rejected() {
    let css = "\n@import url(\"https://example.com/a.css\");\n";
    let problem = Book::of("# One\n")
        .file("book/theme/wirebook.css", css)
        .fails_anywhere("loads https://example.com/a.css from another origin");
    assert_eq!(problem.line, 2);
}

#[test]
fn link_out_of_the_book_is_rejected() {
    Book::of("# One\n\n[code](../code/a.rs)\n").fails(CHAPTER_FILE, 3, "leads out of the book");
}

#[test]
fn repeated_id_is_rejected() {
    Book::of("# One\n\n<p id=\"a\">a</p>\n<p id=\"a\">b</p>\n").fails(
        CHAPTER_FILE,
        3,
        "the id \"a\" is there twice",
    );
}

#[test]
fn unlisted_chapter_is_rejected() {
    Book::of("# One\n")
        .file("book/src/two.md", "# Two\n")
        .fails("book/src/two.md", 0, "no line of SUMMARY.md");
}

#[test]
fn missing_chapter_is_rejected() {
    Book::of("# One\n").listed("two.md").fails(
        "book/src/SUMMARY.md",
        4,
        "there is no chapter two.md",
    );
}

#[test]
fn heavy_page_is_rejected() {
    let chapter = format!("# One\n\n{}", "word ".repeat(60_000));
    Book::of(&chapter).fails_anywhere("the page weighs");
}

#[test]
fn warnings_of_mdbook_are_problems_of_their_chapter() {
    Book::of("# One\n\n<div>\n\nnever closed\n")
        .chapter("two.md", "# Two\n")
        .fails(CHAPTER_FILE, 3, "mdBook says: unclosed HTML tag");
    Book::of("# One\n")
        .chapter("sub/two.md", "# Two\n\nText.</b>\n")
        .fails(
            "book/src/sub/two.md",
            3,
            "mdBook says: unexpected HTML end tag",
        );
}
