//! Where the book's pages are, as a learner opens them.

use std::path::Path;

use catalogue::Exercise;

/// Where the book explains what an exercise needs, with what to do where the book is not built.
pub(crate) fn of_exercise(root: &Path, exercise: &Exercise) -> String {
    let anchor = format!("#exercise-{}", exercise.id.replace('.', "-"));
    page(root, &exercise.page, &anchor)
}

/// Where the lesson begins that this exercise begins.
pub(crate) fn of_lesson(root: &Path, first: &Exercise) -> String {
    page(root, &first.page, "")
}

/// Where the lines of a transcript are explained.
pub(crate) fn of_lines(root: &Path) -> String {
    page(root, "transcripts.md", "")
}

/// A page, relative to the course where cargo builds inside it.
fn page(root: &Path, source: &str, anchor: &str) -> String {
    let target = build::target_dir(root).unwrap_or_else(|_| root.join("target"));
    let path = target.join(format!("book/{}.html", source.trim_end_matches(".md")));
    let shown = path.strip_prefix(root).unwrap_or(&path).display();
    match path.exists() {
        true => format!("{shown}{anchor}"),
        false => format!("{shown}{anchor}, which `cargo xtask book` builds"),
    }
}
