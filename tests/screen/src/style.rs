//! The few styles of a screen.

/// How a part of a line is shown. No style carries a meaning that the words beside it do not carry too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// What passed, and what was expected.
    Good,
    /// What did not pass, and what came instead.
    Bad,
    /// Names and labels.
    Strong,
    /// What may be skipped.
    Dim,
}

/// Whether styles are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styles {
    /// As the codes that terminals know.
    Colour,
    /// Not at all: for pipes and files.
    Plain,
}

impl Styles {
    /// The text between the codes of a style.
    pub fn paint(self, style: Style, text: &str) -> String {
        let code = match (self, style) {
            (Self::Plain, _) | (_, Style::Plain) => return text.to_owned(),
            (_, Style::Good) => 32,
            (_, Style::Bad) => 31,
            (_, Style::Strong) => 1,
            (_, Style::Dim) => 2,
        };
        match text.is_empty() {
            true => String::new(),
            false => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
