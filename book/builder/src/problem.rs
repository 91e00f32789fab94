//! What is wrong with the book, said so that whoever writes it can mend it.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file to look at, from the repository's root where it lies inside it.
    pub file: PathBuf,
    /// The line, from 1. 0 where the whole file is meant.
    pub line: usize,
    /// What happened.
    pub what: String,
    /// What is likely behind it.
    pub cause: String,
    /// What to do next.
    pub next: String,
}

impl Problem {
    /// A problem whose place is not known yet.
    pub(crate) fn new(
        what: impl Into<String>,
        cause: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            file: PathBuf::new(),
            line: 0,
            what: what.into(),
            cause: cause.into(),
            next: next.into(),
        }
    }

    /// The same problem, at a place.
    pub(crate) fn at(self, file: &Path, line: usize) -> Self {
        Self {
            file: file.to_owned(),
            line,
            ..self
        }
    }

    /// The same problem in this file, at the line that it has.
    pub(crate) fn moved_to(self, file: &Path) -> Self {
        let line = self.line;
        self.at(file, line)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(
            f,
            ": {}\n  likely cause: {}\n  next: {}",
            self.what, self.cause, self.next
        )
    }
}

/// `path` from the repository's root, or as it is where it lies elsewhere.
pub(crate) fn from_root<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
}
