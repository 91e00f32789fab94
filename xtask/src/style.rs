//! The few styles of the terminal. `console` leaves them out where the output is not a terminal or NO_COLOR is set.

use console::Style;

/// For standard error, as the others are for standard output: either may be a terminal without the other.
pub(crate) const ERROR: Style = Style::new().red().bold().for_stderr();
pub(crate) const PROGRESS: Style = Style::new().dim().for_stderr();

pub(crate) const GOOD: Style = Style::new().green();
pub(crate) const BAD: Style = Style::new().red();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dim();

/// The text between the codes of a style.
pub(crate) fn paint(style: &Style, text: &str) -> String {
    style.apply_to(text).to_string()
}
