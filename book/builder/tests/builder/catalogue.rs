//! What pages say of exercises and lessons: from their folders, so that no number is typed.

use crate::harness::{Book, text};

const CHAPTER_FILE: &str = "book/src/one.md";

/// A course of two lessons: `unary`, with exercises of 25 and 40 minutes, and `streaming`, with one.
fn book(chapter: &str) -> Book {
    let lesson = |title| format!("---\ntitle: {title}\n---\nIt.\n");
    let mut book = Book::of(chapter)
        .file("solutions/01-unary/lesson.md", &lesson("calls"))
        .file("solutions/02-streaming/lesson.md", &lesson("streams"))
        .chapter(
            "index.md",
            "# Start\n\nYou can\n\n<!-- ANCHOR: unary -->\n\n- call;\n- be [called](one.md).\n\n<!-- ANCHOR_END: unary -->\n",
        );
    for (folder, title, minutes, points) in [
        ("01-unary/1-ask", "ask & hear", 25, 3),
        ("01-unary/2-tell", "tell", 40, 4),
        ("02-streaming/1-flow", "flow", 30, 1),
    ] {
        let text = format!(
            "---\ntitle: {title}\npage: one.md\nminutes: {minutes}\npoints: {points}\nentry: it\n---\n\nDo.\n\n\
             ## Hint 1\n\na\n\n## Hint 2\n\nb\n\n## Hint 3\n\n{{{{hint}}}}\n\n## Note\n\nc\n"
        );
        book = book
            .file(&format!("solutions/{folder}/exercise.md"), &text)
            .file(
                &format!("solutions/{folder}/solution.rs"),
                "fn it() {\n    // gap\n    // uses: ;\n    // hint: ...\n    done();\n    // end of gap\n}\n",
            );
    }
    book
}

#[test]
fn sentences_take_their_numbers_from_the_folders() {
    let page = book(
        "# One\n\n\
         A {{#title unary.1}}; {{#title unary}}; {{#minutes unary.1}}, {{#minutes unary}}; {{#minutes-range course}} or \
         {{#minutes-range streaming}}; {{#hours course}}; {{#points-sum 01-unary}}, {{#points-sum streaming.1}}; \
         {{#count lessons}}, {{#count exercises}}, {{#count exercises unary}}.\n",
    )
    .builds()
    .page("one.html");
    let said = "A ask &amp; hear; calls; 25 minutes, 65 minutes; 25 to 40 minutes or 30 minutes; about 1.5 hours; 7 points, \
                1 point; two lessons, three exercises, two exercises.";
    assert!(page.contains(said), "{page}");
}

#[test]
fn tables_list_exercises_with_their_pages() {
    let built = book("# One\n\n{{#exercises course}}\n\n{{#exercise unary.1}}\n\n{{#exercise unary.2}}\n\n{{#exercise streaming.1}}\n").builds();
    let tables = built.between("one.html", "<tbody>", "</tbody>");
    let cells: Vec<_> = tables[0]
        .split("<tr>")
        .skip(1)
        .map(|row| text(&row.replace("</td>", "|")))
        .collect();
    assert_eq!(cells.len(), 2, "a lesson");
    assert!(
        cells[0].starts_with("unary.1 ask & hearon one.md|25|3|"),
        "{cells:?}"
    );
    assert!(
        cells[1].starts_with("unary.2 tellon one.md|40|4|"),
        "{cells:?}"
    );
    assert!(
        tables[0].contains("href=\"one.html#exercise-unary-1\""),
        "{tables:?}"
    );
    assert!(
        tables[1].contains("streaming.1"),
        "the next lesson has its own"
    );
    let page = text(&built.page("one.html"));
    assert!(
        page.contains(
            "Lesson 1, unary: calls. Its 2 exercises take about 1 hour and are worth 7 points."
        ),
        "{page}"
    );
}

#[test]
fn end_of_a_lesson_says_what_its_reader_can_do_and_lists_points() {
    let built =
        book("# One\n\n{{#exercise unary.1}}\n\n{{#exercise unary.2}}\n\n{{#points unary}}\n")
            .builds();
    let page = built.page("one.html");
    assert!(page.contains("What you can do now"), "{page}");
    assert!(
        page.contains("<li>be <a href=\"one.html\">called</a>.</li>"),
        "{page}"
    );
    let shown = text(&page);
    assert!(shown.contains("counts their points, 7 in all;"), "{shown}");
    assert!(!built.between("one.html", "<table", "</table>")[0].contains("minutes"));
}

#[test]
fn unknown_names_are_rejected() {
    for (directive, what) in [
        ("minutes unary.9", "there is no exercise \"unary.9\""),
        ("hours uanry", "there is no lesson \"uanry\""),
        ("count minutes", "\"minutes\" cannot be counted"),
        ("exercises uanry", "there is no lesson \"uanry\""),
        ("points course", "is more than one lesson"),
        ("points streaming", "index.md has no anchor \"streaming\""),
    ] {
        book(&format!("# One\n\n{{{{#{directive}}}}}\n")).fails(CHAPTER_FILE, 3, what);
    }
}
