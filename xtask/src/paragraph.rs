//! Text as wide as the terminal, and no wider than reads well.

use crate::side_by_side;

/// The widest line.
const WIDTH: usize = 100;

/// Prints a text behind a label, wrapped, its further lines below the first.
pub(crate) fn paragraph(label: &str, text: &str) {
    let width = side_by_side::width()
        .min(WIDTH)
        .saturating_sub(label.len())
        .max(20);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].chars().count() + word.chars().count() >= width {
            lines.push(String::new());
        }
        let last = lines.len() - 1;
        if !lines[last].is_empty() {
            lines[last].push(' ');
        }
        lines[last].push_str(word);
    }
    println!(
        "{label}{}",
        lines.join(&format!("\n{:1$}", "", label.len()))
    );
}
