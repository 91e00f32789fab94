//! The gap of a solution: what a learner writes.
//!
//! ```text
//! // gap
//! // uses: Imported, Names; variables
//! ...
//! // end of gap
//! ```
//!
//! It may also stand for a whole function or method: see `form.rs`.
//! What the third hint shows of its lines is in `hint.rs`.

use std::path::Path;

use crate::error::Error;
use crate::form::{Form, Uses};
use crate::hint::{code_and_hint, joined};
use crate::imports::Imports;

const GAP_BEGIN: &str = "// gap";
const USES_MARK: &str = "// uses: ";
const GAP_END: &str = "// end of gap";

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
    /// What it stands for.
    pub form: Form,
    /// The imports of the starter that only the gap uses.
    pub imports: String,
    /// The variables that it uses, as expressions. Of a whole function: constants.
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
        let indent = lines[begin].len() - lines[begin].trim_start().len();
        let uses = Uses::read(uses, indent).map_err(|what| Error::new(file, begin + 2, what))?;
        let (code, hint) = code_and_hint(file, &lines[..end], begin + 2)?;
        let begins = |line: &String, name: &str| {
            let function = format!("fn {name}");
            let mut behind = line.split(&function).skip(1);
            behind.any(|behind| behind.starts_with(['(', '<']))
        };
        if let Some(name) = uses.form.name()
            && !code.iter().any(|line| begins(line, name))
        {
            let what = format!("the gap stands for `{name}`, which is not in it");
            return Err(Error::new(file, begin + 2, what));
        }
        let own = Imports::take(file, &lines, begin)?;
        Ok(Self {
            before: joined(&own.before),
            use_lines: joined(&own.lines),
            indent: " ".repeat(indent),
            form: uses.form,
            imports: uses.imports,
            variables: uses.variables,
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
    fn a_gap_may_be_a_function_with_its_helpers() {
        let text = "const A: u8 = 1;\n\n// gap\n// uses: ; async fn one(a); A\nfn help() {}\n\n/// One.\npub async fn one(a: u8) {}\n// end of gap\n";
        let gap = find(text).unwrap();
        assert_eq!(gap.form, Form::Function("async fn one(a)".to_owned()));
        assert_eq!(
            (gap.form.name(), gap.variables.as_str()),
            (Some("one"), "A")
        );
        assert_eq!(
            gap.code,
            "fn help() {}\n\n/// One.\npub async fn one(a: u8) {}\n"
        );
        let error = find(&text.replace("fn one(a: u8)", "fn one_more(a: u8)"));
        assert_eq!(error.expect_err("it has no such function").line, 4);
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
