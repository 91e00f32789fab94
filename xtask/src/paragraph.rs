//! Text as wide as the terminal, and no wider than reads well.

use crate::side_by_side;

/// The widest line, in columns.
const MAX_COLUMNS: usize = 100;

/// The indentation of a line of code, which stays as it is.
const CODE_INDENT: &str = "    ";

/// Prints a text behind a label, wrapped, its further lines below the first. Lines of code stay lines of their own.
pub(crate) fn paragraph(label: &str, text: &str) {
    let width = side_by_side::width()
        .min(MAX_COLUMNS)
        .saturating_sub(label.len())
        .max(20);
    let lines = wrapped(text, width);
    println!(
        "{label}{}",
        lines.join(&format!("\n{:1$}", "", label.len()))
    );
}

/// A text in lines of at most this width. Lines of code stay lines of their own, however wide.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Whether the last line may be added to.
    let mut open = false;
    for line in text.lines() {
        if line.starts_with(CODE_INDENT) {
            lines.push(line.to_owned());
            open = false;
            continue;
        }
        for word in line.split_whitespace() {
            match lines.last_mut() {
                Some(last) if open && last.chars().count() + word.chars().count() < width => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
            open = true;
        }
    }
    lines
}
