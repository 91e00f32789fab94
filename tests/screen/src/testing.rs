//! Rows made by hand.

use report::{Line, Row};

pub(crate) fn line(depth: usize, text: &str) -> Line {
    Line {
        depth,
        compared: !text.starts_with('~'),
        text: text.trim_start_matches('~').trim_start().to_owned(),
    }
}

/// A row that is the same on both sides. A `~` in front: only shown.
pub(crate) fn both(depth: usize, text: &str) -> Row {
    Row {
        expected: Some(line(depth, text)),
        actual: Some(line(depth, text)),
        same: true,
    }
}

/// A row that was expected and did not come.
pub(crate) fn expected(depth: usize, text: &str) -> Row {
    let line = line(depth, text);
    Row {
        same: !line.compared,
        expected: Some(line),
        actual: None,
    }
}

/// A row that came and was not expected.
pub(crate) fn actual(depth: usize, text: &str) -> Row {
    let line = line(depth, text);
    Row {
        same: !line.compared,
        expected: None,
        actual: Some(line),
    }
}

/// A row with another text on each side.
pub(crate) fn differs(depth: usize, expected: &str, actual: &str) -> Row {
    Row {
        expected: Some(line(depth, expected)),
        actual: Some(line(depth, actual)),
        same: false,
    }
}
