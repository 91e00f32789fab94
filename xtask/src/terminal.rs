//! Printing screens.

use std::fmt;

use console::Term;
use screen::{Styles, View, wrapped};

/// Nobody reads transcripts that are wider than this.
const MAX_COLUMNS: usize = 160;

/// What a screen is drawn for: the terminal, or what is taken for granted of a pipe. Colours are for terminals, where
/// NO_COLOR is not set. `full`: whole transcripts.
pub(crate) fn view(full: bool) -> View {
    let styles = match console::colors_enabled() {
        true => Styles::Colour,
        false => Styles::Plain,
    };
    let (rows, columns) = Term::stdout()
        .size_checked()
        .map_or((View::PIPE.rows, View::PIPE.columns), |(rows, columns)| {
            (rows.into(), columns.into())
        });
    View {
        columns: columns.min(MAX_COLUMNS),
        rows,
        styles,
        full,
    }
}

/// Prints what is written, and returns how many lines that were.
pub(crate) fn print(write: impl FnOnce(&mut String) -> fmt::Result) -> anyhow::Result<usize> {
    let mut text = String::new();
    write(&mut text)?;
    print!("{text}");
    Ok(text.lines().count())
}

/// Prints a text, wrapped at its words.
pub(crate) fn say(text: &str) {
    print_lines(&wrapped(text, view(false).columns));
}

/// Prints lines.
pub(crate) fn print_lines(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}
