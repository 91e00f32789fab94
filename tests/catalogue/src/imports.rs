//! The imports that a learner writes: a part of a solution that its starter does not have.
//!
//! ```text
//! // imports
//! use tokio::sync::mpsc;
//! // end of imports
//! ```

use std::path::Path;

use crate::error::Error;

const IMPORTS_BEGIN: &str = "// imports";
const IMPORTS_END: &str = "// end of imports";

/// What the starter has in the place of the imports.
const PLACE: &str = "// Your imports go here.";

/// The lines before a gap as the starter has them, and the imports that a learner writes.
pub(crate) struct Imports<'a> {
    pub(crate) before: Vec<&'a str>,
    /// None where the starter has all imports.
    pub(crate) lines: Vec<&'a str>,
}

impl<'a> Imports<'a> {
    /// Takes the imports out of a solution's lines, whose gap begins in the line of this index.
    ///
    /// # Errors
    ///
    /// When there is more than one such part, it is not before the gap, or it has anything but whole `use` lines.
    pub(crate) fn take(file: &Path, lines: &[&'a str], gap: usize) -> Result<Self, Error> {
        let is_mark = |line: &str| matches!(line.trim(), IMPORTS_BEGIN | IMPORTS_END);
        let marks: Vec<_> = (0..lines.len())
            .filter(|index| is_mark(lines[*index]))
            .collect();
        let (begin, end) = match marks[..] {
            [] => {
                return Ok(Self {
                    before: lines[..gap].to_vec(),
                    lines: Vec::new(),
                });
            }
            [begin, end]
                if end < gap && [lines[begin], lines[end]] == [IMPORTS_BEGIN, IMPORTS_END] =>
            {
                (begin, end)
            }
            [first, ..] => {
                let what = format!(
                    "lines `{IMPORTS_BEGIN}` and `{IMPORTS_END}` are wanted once, in this order, not indented, and before the gap"
                );
                return Err(Error::new(file, first + 1, what));
            }
        };
        let imports = &lines[begin + 1..end];
        if let Some(index) = not_an_import(imports) {
            let what = format!("nothing but whole `use ...;` is wanted below `{IMPORTS_BEGIN}`");
            return Err(Error::new(file, begin + 2 + index, what));
        }
        let mut before = lines[..begin].to_vec();
        before.push(PLACE);
        before.extend(&lines[end + 1..gap]);
        Ok(Self {
            before,
            lines: imports.to_vec(),
        })
    }
}

/// The first line that is in no `use ...;`, where there is one. Lines without text may stand between two of them.
fn not_an_import(lines: &[&str]) -> Option<usize> {
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Some(0);
    }
    let mut begin = None;
    for (index, line) in lines.iter().enumerate() {
        let is_begun = begin.is_some();
        match line.trim() {
            "" if !is_begun => continue,
            _ if !is_begun && !line.starts_with("use ") => return Some(index),
            line if line.contains("//") => return Some(index),
            line if line.ends_with(';') => begin = None,
            line if line.contains(';') => return Some(index),
            _ => begin = begin.or(Some(index)),
        }
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "\
//! Header.

use a::A;
// imports
use b::B;
use c::{
    C, D,
};

use crate::run::E;
// end of imports

fn one() {
    // gap
}
";

    fn take(text: &str) -> Result<(String, String), Error> {
        let lines: Vec<_> = text.lines().collect();
        let gap = lines.iter().position(|line| line.trim() == "// gap");
        let imports = Imports::take(Path::new("solution.rs"), &lines, gap.expect("a gap"))?;
        Ok((imports.before.join("\n"), imports.lines.join("\n")))
    }

    #[test]
    fn one_line_stands_in_the_place_of_the_imports() {
        let (before, lines) = take(SOLUTION).unwrap();
        assert_eq!(
            before,
            "//! Header.\n\nuse a::A;\n// Your imports go here.\n\nfn one() {"
        );
        assert_eq!(
            lines,
            "use b::B;\nuse c::{\n    C, D,\n};\n\nuse crate::run::E;"
        );
    }

    #[test]
    fn a_starter_may_have_all_imports() {
        let text = SOLUTION.replace("// imports\n", "");
        let text = text.replace("// end of imports\n", "");
        let (before, lines) = take(&text).unwrap();
        assert_eq!(
            (before + "\n", lines.as_str()),
            (text.split("    // gap").next().unwrap().to_owned(), "")
        );
    }

    #[test]
    fn malformed_imports_are_rejected_with_their_line() {
        let gap = "fn one() {\n    // gap\n";
        for (from, to, line) in [
            ("// end of imports\n", "", 4),
            ("// imports\n", "", 10),
            ("// imports\n", "// imports\n// imports\n", 4),
            ("// imports\n", "  // imports\n", 4),
            (
                "// end of imports\n\nfn one() {\n    // gap\n",
                &format!("\n{gap}// end of imports\n"),
                4,
            ),
            ("use b::B;\n", "fn b() {}\n", 5),
            ("use b::B;\n", "use b::B; fn b() {}\n", 5),
            ("use b::B;\n", "use b::B; // why\n", 5),
            ("use crate::run::E;\n", "use crate::run::E\n", 10),
            (
                "use b::B;\nuse c::{\n    C, D,\n};\n\nuse crate::run::E;\n",
                "\n",
                5,
            ),
        ] {
            let text = SOLUTION.replacen(from, to, 1);
            assert_ne!(text, SOLUTION);
            let error = take(&text).expect_err(from);
            assert_eq!(error.line, line, "{from:?}: {error}");
        }
    }
}
