//! Text in a picture.

use std::fmt::Write as _;

use crate::html::escape;

/// Lines of text, one below the other.
pub(super) fn lines(
    class: &str,
    lines: &[String],
    x: f64,
    mut y: f64,
    height: f64,
    out: &mut String,
) {
    for line in lines {
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
            escape(line)
        );
        y += height;
    }
}
