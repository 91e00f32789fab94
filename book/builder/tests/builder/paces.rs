//! Recorded paces on a page.

use crate::harness::{Book, text};

const PACE: &str = "run bounded
asked doc-417
asked doc-035
read doc-417
asked doc-288

run unbounded
asked doc-417
asked doc-035
asked doc-288
asked doc-102
asked doc-630
read doc-417
";

fn book(pace: &str) -> Book {
    let folder = "solutions/01-streams/5-recorded";
    Book::of("# One\n\n{{#pace streams.5}}\n\nAnd **on**.\n")
        .file(&format!("{folder}/pace.txt"), pace)
}

#[test]
fn pace_is_a_chart_for_each_run_and_a_table() {
    let built = book(PACE).builds();
    let figure = &built.between("one.html", "<figure", "</figure>")[0];
    assert!(
        !figure.contains("<p>"),
        "a blank line ends HTML within Markdown"
    );
    let titles = built.between("one.html", "<title id=", "</title>");
    let titles: Vec<_> = titles
        .iter()
        .map(|title| title.split_once('>').expect("the end of a tag").1)
        .collect();
    let expected = [
        "bounded: asked the host about 3, read by the client 1, at most 2 ahead",
        "unbounded: asked the host about 5, read by the client 1, at most 5 ahead",
    ];
    assert_eq!(titles, expected);
    let rows = built.between("one.html", "<tr>", "</tr>");
    let cells: Vec<_> = rows
        .iter()
        .map(|row| text(&row.replace("</t", " </t")))
        .collect();
    assert_eq!(cells[1..], ["0 2 5 ", "1 3 5 "]);
    let table = built.between("one.html", "<table id=\"", "\"");
    let details = built.between("one.html", "aria-details=\"", "\"");
    assert_eq!(details, [table[0].as_str(), table[0].as_str()]);
}

#[test]
fn paces_are_not_searched() {
    let index = book(PACE).builds().search_index();
    assert!(
        !index.contains("unbound") && index.contains("one.html#one"),
        "{index}"
    );
}

#[test]
fn missing_pace_is_rejected() {
    Book::of("# One\n\n{{#pace streams.5}}\n").fails(
        "book/src/one.md",
        3,
        "\"streams.5\" has no pace.txt",
    );
}

#[test]
fn malformed_pace_is_rejected_with_its_line() {
    book("run bounded\nasked doc-417\nwrote doc-417\n").fails(
        "book/src/one.md",
        3,
        "solutions/01-streams/5-recorded/pace.txt:3: \"wrote doc-417\" is none of",
    );
    book("run bounded\n").fails(
        "book/src/one.md",
        3,
        "pace.txt: the run \"bounded\" has no step",
    );
}
