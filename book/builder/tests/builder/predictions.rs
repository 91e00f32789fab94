//! Predictions, and what stands below them.

use crate::harness::{Book, Built};

const CHAPTER_FILE: &str = "book/src/one.md";
const TRANSCRIPT: &str = "wirebook-transcript 2
  call 1  client > server  /a.v1.Service/Ask
    -> half-close
    <- OK
";

fn book(chapter: &str) -> Book {
    Book::of(chapter).snapshot("unary.1", TRANSCRIPT)
}

fn prediction(built: &Built) -> String {
    let parts = built.between("one.html", "<details class=\"prediction\"", "</details>");
    parts.into_iter().next().expect("a prediction")
}

#[test]
fn figure_may_stand_inside() {
    let built = book(
        "# One\n\n<details class=\"prediction\">\n<summary>Who?</summary>\n\nNobody:\n\n{{#transcript unary.1}}\n\n\
         *Really.*\n\n</details>\n\nEnd.\n",
    )
    .builds();
    let shown = prediction(&built);
    assert!(
        shown.contains("<figure class=\"wire\"") && shown.contains("<svg"),
        "{shown}"
    );
    assert!(
        shown.contains("<p><em>Really.</em></p>"),
        "Markdown goes on after it: {shown}"
    );
    assert!(!shown.contains("<p><figure"), "{shown}");
}

#[test]
fn text_right_below_a_figure_is_markdown_too() {
    let built = book(
        "# One\n\n<details class=\"prediction\">\n<summary>Who?</summary>\n{{#transcript unary.1}}\n*Really.*\n\n</details>\n",
    )
    .builds();
    let shown = prediction(&built);
    assert!(shown.contains("<p><em>Really.</em></p>"), "{shown}");
}

#[test]
fn figure_right_below_is_rejected() {
    book(
        "# One\n\n<details class=\"prediction\">\n<summary>Who?</summary>\n\nNobody.\n\n</details>\n\n{{#transcript unary.1}}\n",
    )
    .fails(CHAPTER_FILE, 3, "a figure stands in the open below this prediction");
}

#[test]
fn figure_below_a_paragraph_and_a_second_prediction_is_rejected_too() {
    book(
        "# One\n\n<details class=\"prediction\" data-figure=\"no-answer\">\n<summary>Who?</summary>\n\nNobody.\n\n</details>\n\n\
         <details class=\"prediction\">\n<summary>When?</summary>\n\nNever.\n\n</details>\n\nThe first:\n\n{{#transcript unary.1}}\n",
    )
    .fails(CHAPTER_FILE, 10, "a figure stands in the open below this prediction");
}

#[test]
fn figure_below_the_next_heading_or_folded_or_declared_is_accepted() {
    let question =
        "<details class=\"prediction\">\n<summary>Who?</summary>\n\nNobody.\n\n</details>\n\n";
    let figure = "{{#transcript unary.1}}\n";
    for below in [
        format!("## Two\n\n{figure}"),
        format!("<details>\n<summary>All of it</summary>\n\n{figure}\n</details>\n"),
    ] {
        book(&format!("# One\n\n{question}{below}")).builds();
    }
    let declared = question.replace("\"prediction\"", "\"prediction\" data-figure=\"no-answer\"");
    book(&format!("# One\n\n{declared}{figure}")).builds();
    book(&format!("# One\n\n{figure}\n{question}")).builds();
}
