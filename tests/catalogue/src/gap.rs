//! The gap of a solution: what a learner writes.
//!
//! ```text
//! // gap
//! // uses: Imported, Names; variables
//! ...
//! // end of gap
//! ```
//!
//! Inside it, marks say how the third hint differs from the solution, so that the hint is made of lines that compile:
//!
//! ```text
//! // hint: TEXT            the next line reads TEXT
//! // hint, 3 lines: TEXT   the next three lines are replaced by TEXT; without a text they are left out
//! ```

use std::path::Path;

use crate::error::Error;
use crate::imports::Imports;

const GAP_BEGIN: &str = "// gap";
const USES_MARK: &str = "// uses: ";
const GAP_END: &str = "// end of gap";
const HINT_MARK: &str = "// hint";
/// Marks the beginning and the end of a part of a file that the book includes.
const ANCHOR_MARK: &str = "// ANCHOR";

/// The one gap of a solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Everything before the gap as the starter has it: without the imports that a learner writes, and without the marks that
    /// only the book needs.
    pub before: String,
    /// The imports that a learner writes, whole `use` lines. Empty where the starter has all.
    pub use_lines: String,
    /// How far the gap is indented.
    pub indent: String,
    /// The imports of the starter that only the gap uses.
    pub imports: String,
    /// The variables that it uses, as expressions.
    pub variables: String,
    /// Its code, moved left, without any marks.
    pub code: String,
    /// Its code as the third hint shows it.
    pub hint: String,
    /// Everything after the gap.
    pub after: String,
}

impl Gap {
    /// Finds the gap in the text of a `solution.rs`.
    ///
    /// # Errors
    ///
    /// When there is none or more than one, or one of its marks is malformed.
    pub fn find(file: &Path, text: &str) -> Result<Self, Error> {
        let lines: Vec<_> = text.lines().collect();
        let begins: Vec<_> = (0..lines.len())
            .filter(|index| lines[*index].trim() == GAP_BEGIN)
            .collect();
        let [begin] = begins[..] else {
            let what = format!(
                "one line `{GAP_BEGIN}` is wanted, and it has {}",
                begins.len()
            );
            return Err(Error::new(file, 0, what));
        };
        let uses = lines.get(begin + 1).map(|line| line.trim_start());
        let uses = uses
            .and_then(|line| line.strip_prefix(USES_MARK))
            .ok_or_else(|| {
                let what = format!(
                    "a line `{USES_MARK}Imported, Names; variables` is wanted below the gap's beginning"
                );
                Error::new(file, begin + 2, what)
            })?;
        let length = lines[begin + 2..]
            .iter()
            .position(|line| line.trim() == GAP_END)
            .ok_or_else(|| {
                Error::new(
                    file,
                    begin + 1,
                    format!("the gap is not closed by `{GAP_END}`"),
                )
            })?;
        let end = begin + 2 + length;
        let (imports, variables) = uses.split_once(';').unwrap_or((uses, ""));
        let indent = lines[begin].len() - lines[begin].trim_start().len();
        let (code, hint) = code(file, &lines[..end], begin + 2)?;
        let own = Imports::take(file, &lines, begin)?;
        Ok(Self {
            before: joined(&own.before),
            use_lines: joined(&own.lines),
            indent: " ".repeat(indent),
            imports: imports.trim().to_owned(),
            variables: variables.trim().to_owned(),
            code: moved_left(&code, indent),
            hint: moved_left(&hint, indent),
            after: joined(&lines[end + 1..]),
        })
    }

    /// All that a learner writes: the imports, and below them the code.
    pub fn solution(&self) -> String {
        self.below_imports(&self.code)
    }

    /// What the third hint shows: the imports as they are, since a name is found and not worked out, and below them the
    /// code with its dots.
    pub fn hint_with_imports(&self) -> String {
        self.below_imports(&self.hint)
    }

    fn below_imports(&self, code: &str) -> String {
        match self.use_lines.as_str() {
            "" => code.to_owned(),
            lines => format!("{lines}\n{code}"),
        }
    }
}

fn joined(lines: &[&str]) -> String {
    let kept = lines
        .iter()
        .filter(|line| !line.trim_start().starts_with(ANCHOR_MARK));
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// The lines from `first` on, as they are and as the hint has them.
fn code(file: &Path, lines: &[&str], first: usize) -> Result<(Vec<String>, Vec<String>), Error> {
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

fn moved_left(lines: &[String], indent: usize) -> String {
    let moved = lines.iter().map(|line| {
        let blank = line.len() - line.trim_start().len();
        &line[blank.min(indent)..]
    });
    moved.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "\
//! Header.

fn one(a: u8) -> u8 {
    // ANCHOR: part
    // gap
    // uses: Thing; a
    // hint: let b = ...;
    let b = a;
    if b > 1 {
        // hint, 2 lines: ... // what is too large
        let c = 1;
        return c;
    }
    // hint, 2 lines:
    drop(b);
    drop(b);
    b
    // end of gap
    // ANCHOR_END: part
}
";

    fn find(text: &str) -> Result<Gap, Error> {
        Gap::find(Path::new("solution.rs"), text)
    }

    #[test]
    fn gap_has_code_and_hint() {
        let gap = find(SOLUTION).unwrap();
        assert_eq!(gap.before, "//! Header.\n\nfn one(a: u8) -> u8 {\n");
        assert_eq!(gap.after, "}\n");
        assert_eq!(
            (gap.imports.as_str(), gap.variables.as_str()),
            ("Thing", "a")
        );
        assert_eq!(gap.indent, "    ");
        assert_eq!(
            gap.code,
            "let b = a;\nif b > 1 {\n    let c = 1;\n    return c;\n}\ndrop(b);\ndrop(b);\nb\n"
        );
        assert_eq!(
            gap.hint,
            "let b = ...;\nif b > 1 {\n    ... // what is too large\n}\nb\n"
        );
    }

    #[test]
    fn the_imports_that_a_learner_writes_stand_above_code_and_hint() {
        let imports = "//! Header.\n\n// imports\nuse a::B;\n// end of imports\n";
        let gap = find(&SOLUTION.replace("//! Header.\n", imports)).unwrap();
        assert_eq!(
            gap.before,
            "//! Header.\n\n// Your imports go here.\n\nfn one(a: u8) -> u8 {\n"
        );
        assert_eq!(gap.solution(), format!("use a::B;\n\n{}", gap.code));
        assert_eq!(
            gap.hint_with_imports(),
            format!("use a::B;\n\n{}", gap.hint)
        );
        let plain = find(SOLUTION).unwrap();
        assert_eq!(
            (plain.solution(), plain.hint_with_imports()),
            (plain.code, plain.hint)
        );
    }

    #[test]
    fn malformed_gaps_are_rejected_with_their_line() {
        for (from, to, line) in [
            ("// end of gap", "", 5),
            ("    // uses: Thing; a\n", "", 6),
            ("// gap\n", "\n", 0),
            ("// end of gap", "// end of gap\n    // gap", 0),
            ("// hint: let", "// hint let", 7),
            ("// hint, 2 lines:\n", "// hint, two lines:\n", 14),
            ("// hint, 2 lines:\n", "// hint, 9 lines:\n", 17),
            ("    drop(b);\n", "    // hint: x\n", 15),
        ] {
            let error = find(&SOLUTION.replacen(from, to, 1)).expect_err(from);
            assert_eq!(error.line, line, "{from:?}: {error}");
        }
    }
}
