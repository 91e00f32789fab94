//! What a screen is drawn for.

use crate::style::Styles;

/// Below this width two columns cannot be read, and there is one.
const MIN_COLUMNS_FOR_TWO: usize = 60;

/// Text wider than this does not read well.
const MAX_TEXT_COLUMNS: usize = 100;

/// Narrower than this, lines are wider than the terminal.
const MIN_COLUMNS: usize = 30;

/// What a screen is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The width of the terminal, in characters of the usual width.
    pub columns: usize,
    /// The height of the terminal, in lines.
    pub rows: usize,
    /// Whether there are colours.
    pub styles: Styles,
    /// Whether whole transcripts are shown, however long.
    pub full: bool,
}

impl View {
    /// The terminal that is taken for granted where there is none, in a pipe or a file: 80 by 24, the smallest usual one.
    pub const PIPE: Self = Self {
        columns: 80,
        rows: 24,
        styles: Styles::Plain,
        full: false,
    };

    /// How wide a paragraph may be.
    pub(crate) fn text_columns(&self) -> usize {
        self.columns.clamp(MIN_COLUMNS, MAX_TEXT_COLUMNS)
    }

    /// Whether transcripts stand side by side.
    pub(crate) fn has_two_columns(&self) -> bool {
        self.columns >= MIN_COLUMNS_FOR_TWO
    }
}
