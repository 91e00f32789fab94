//! Printing screens.

use std::fmt;

use crate::reflow;
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

/// A text behind a label in the lines of this terminal, its further lines below the first, and where the terminal is too
/// narrow for that, from the left.
pub(crate) fn behind(label: &str, text: &str) -> Vec<String> {
    let columns = view(false).columns;
    reflow::behind(label, text, columns)
}

/// Prints lines.
pub(crate) fn print_lines(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}
