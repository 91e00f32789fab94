//! An edit of a source.

use std::ops::Range;

/// An edit: what it is, where, and what comes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Its kind, for example `try-unwrap`.
    pub(crate) kind: &'static str,
    /// The bytes that are replaced.
    pub(crate) range: Range<usize>,
    /// By what.
    pub(crate) replacement: String,
}
