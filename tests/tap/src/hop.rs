//! The wire between two programs that a tap stands on.

use std::fmt;

/// Who calls whom. Its text is `client > edge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hop {
    /// Who dials and calls, for example `client`.
    pub from: &'static str,
    /// Who listens and answers, for example `edge`.
    pub to: &'static str,
}

impl Hop {
    /// The wire from a caller to whom it calls.
    pub const fn new(from: &'static str, to: &'static str) -> Self {
        Self { from, to }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} > {}", self.from, self.to))
    }
}
