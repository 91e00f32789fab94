//! What is wrong with a file of the course, said so that its author can mend it.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::text::plain_lines;

/// A file that cannot be read as what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file or folder.
    pub file: PathBuf,
    /// The line, from 1. 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong, and what is wanted.
    pub what: String,
}

impl Error {
    pub(crate) fn new(file: &Path, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Error {}

/// Reads a text file whole, with plain line ends.
pub(crate) fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file)
        .map(|text| plain_lines(&text))
        .map_err(|error| Error::new(file, 0, format!("cannot be read: {error}")))
}
