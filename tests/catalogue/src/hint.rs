//! The lines of a gap, and those of the third hint, which is made of them.
//!
//! Marks in the gap say how the third hint differs from the solution, so that the hint is made of lines that compile:
//!
//! ```text
//! // hint: TEXT            the next line reads TEXT
//! // hint, 3 lines: TEXT   the next three lines are replaced by TEXT; without a text they are left out
//! ```

use std::path::Path;

use crate::error::Error;

const HINT_MARK: &str = "// hint";
/// Marks the beginning and the end of a part of a file that the book includes.
const ANCHOR_MARK: &str = "// ANCHOR";

/// Lines as a text, without the marks that only the book needs.
pub(crate) fn joined(lines: &[&str]) -> String {
    let kept = lines
        .iter()
        .filter(|line| !line.trim_start().starts_with(ANCHOR_MARK));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The lines from `first` on, as they are and as the hint has them.
pub(crate) fn code_and_hint(
    file: &Path,
    lines: &[&str],
    first: usize,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut code, mut hint) = (Vec::new(), Vec::new());
    let mut replaced = 0;
    for (index, line) in lines.iter().enumerate().skip(first) {
        let text = line.trim_start();
        if text.starts_with(ANCHOR_MARK) {
            continue;
        }
        if let Some(mark) = text.strip_prefix(HINT_MARK) {
            if replaced > 0 {
                let what = "a hint's mark stands among the lines that another one replaces";
                return Err(Error::new(file, index + 1, what));
            }
            let (count, replacement) = read_mark(mark).ok_or_else(|| {
                let what = format!("`{HINT_MARK}: TEXT` or `{HINT_MARK}, N lines: TEXT` is wanted");
                Error::new(file, index + 1, what)
            })?;
            replaced = count;
            if !replacement.is_empty() {
                let next = lines.get(index + 1).copied().unwrap_or_default();
                let indent = next.len() - next.trim_start().len();
                hint.push(format!("{}{replacement}", &next[..indent]));
            }
            continue;
        }
        code.push((*line).to_owned());
        match replaced {
            0 => hint.push((*line).to_owned()),
            _ => replaced -= 1,
        }
    }
    if replaced > 0 {
        let what = "a hint's mark replaces more lines than the gap has";
        return Err(Error::new(file, lines.len(), what));
    }
    Ok((code, hint))
}

/// How many lines a mark replaces, and by what.
fn read_mark(mark: &str) -> Option<(usize, &str)> {
    if let Some(text) = mark.strip_prefix(':') {
        return Some((1, text.trim()));
    }
    let (count, text) = mark.strip_prefix(", ")?.split_once(':')?;
    let count = count.strip_suffix(" lines")?.parse().ok()?;
    (count > 1).then_some((count, text.trim()))
}
