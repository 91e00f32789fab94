//! What is said while something is built or checked. It goes to standard error, a line at a time.

use crate::style::{DIM, paint};

/// Passes on what cargo says.
pub(crate) fn cargo(line: &str) {
    anstream::eprintln!("{}", paint(DIM, line.trim_end()));
}
