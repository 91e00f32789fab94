//! The terminal: how wide it is, and the few styles that are used on it.
//!
//! `console` leaves the styles out where the output is not a terminal or NO_COLOR is set. A style belongs to one
//! stream, since either may be a terminal without the other.

use std::io::IsTerminal;

use console::Style;

/// The width of a terminal that does not say how wide it is, in columns.
const DEFAULT_COLUMNS: usize = 80;

/// Standard error: an error that ends the program.
pub const ERROR: Style = Style::new().red().bold().for_stderr();
/// Standard error: what happens meanwhile.
pub const PROGRESS: Style = Style::new().dim().for_stderr();

/// Standard output: a heading.
pub(crate) const HEADING: Style = Style::new().bold();
/// Standard output: what matters less than the rest.
pub(crate) const DIM: Style = Style::new().dim();
/// Standard output: what went wrong.
pub(crate) const BAD: Style = Style::new().red();
/// Standard output: everything else.
pub(crate) const PLAIN: Style = Style::new();

/// What a report must know of the stream that it is printed to.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// The width that lines should fit, in columns.
    pub columns: usize,
    /// Whether styles are wanted.
    pub styled: bool,
}

impl Screen {
    /// Standard output as it is now. Nothing is cut to fit a pipe: whoever reads from it wants the whole text.
    pub fn stdout() -> Self {
        let columns = match console::Term::stdout().size_checked() {
            Some((_, columns)) => usize::from(columns),
            None if std::io::stdout().is_terminal() => DEFAULT_COLUMNS,
            None => usize::MAX,
        };
        Self {
            columns,
            styled: console::colors_enabled(),
        }
    }
}
