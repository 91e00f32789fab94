//! What is said while something is built or checked. It goes to standard error, a line at a time.

use crate::style::{PROGRESS, paint};

/// Passes on what cargo says.
pub(crate) fn cargo(line: &str) {
    eprintln!("{}", paint(&PROGRESS, line.trim_end()));
}
