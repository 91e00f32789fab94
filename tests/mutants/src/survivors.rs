//! The mutants of an exercise that may pass, with the reason why each is as right as the solution.
//!
//! They are listed in `survivors.txt` in the exercise's folder:
//!
//! ```text
//! # A comment.
//!
//! text-changed
//! - return Err("no model".into());
//! + return Err("no modelx".into());
//! The text of an error is for people, and no task fixes it.
//! ```
//!
//! A mutant is known by its kind and by the lines before and after the edit, and not by its line's number, which changes
//! with every other edit. `try-*` stands for all kinds that begin so, and `+ *` for whatever becomes of a line: where one
//! reason, such as an error that never comes, holds for all of them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::mutant::Mutant;

/// The name of the list in the exercise's folder.
pub(crate) const FILE: &str = "survivors.txt";

/// The list of one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survivors(pub Vec<Survivor>);

/// A mutant that may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// The kind of its edit.
    pub kind: String,
    /// The lines of the edit, as one.
    pub before: String,
    /// What becomes of them.
    pub after: String,
    /// Why it is as right as the solution.
    pub reason: String,
}

impl Survivors {
    /// The list in an exercise's folder. None is an empty one.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or an entry is malformed or has no reason.
    pub fn read(exercise: &Path) -> Result<Self> {
        let path = exercise.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("read {}", path.display()))
    }

    /// Reads a list.
    ///
    /// # Errors
    ///
    /// As for [`Survivors::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let blocks = lines.split(|line| line.trim().is_empty());
        let blocks = blocks.filter(|block| !block.is_empty());
        blocks.map(Survivor::read).collect::<Result<_>>().map(Self)
    }

    /// Whether a mutant is listed.
    pub fn has(&self, mutant: &Mutant) -> bool {
        self.0.iter().any(|survivor| survivor.is(mutant))
    }
}

impl Survivor {
    fn read(block: &[&str]) -> Result<Self> {
        let [kind, before, after, reason @ ..] = block else {
            bail!("{block:?}: a kind, a line before, a line after and a reason are wanted");
        };
        let sides = before.strip_prefix("- ").zip(after.strip_prefix("+ "));
        let (before, after) = sides
            .with_context(|| format!("{kind}: a line `- ...` and a line `+ ...` are wanted"))?;
        if reason.is_empty() {
            bail!("{kind}: `{after}` has no reason: why is it as right as the solution?");
        }
        Ok(Self {
            kind: (*kind).to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
            reason: reason.join(" "),
        })
    }

    /// Whether this mutant is meant.
    pub fn is(&self, mutant: &Mutant) -> bool {
        let kind = match self.kind.strip_suffix('*') {
            Some(start) => mutant.kind.starts_with(start),
            None => mutant.kind == self.kind,
        };
        let after = self.after == "*" || mutant.after == self.after;
        kind && after && mutant.before == self.before
    }
}

/// A mutant as an entry of the list, but for the reason.
pub(crate) fn entry(mutant: &Mutant) -> String {
    format!("{}\n- {}\n+ {}\n", mutant.kind, mutant.before, mutant.after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::of;

    #[test]
    fn a_listed_mutant_is_known_wherever_its_line_is() {
        let mutants = of("fn f() {\n// gap\na?;\n// end of gap\n}").expect("Rust");
        let mutant = mutants
            .iter()
            .find(|it| it.kind == "try-unwrap")
            .expect("one");
        let text = format!("# Why.\n\n{}It is\nas right.\n\n\n", entry(mutant));
        let list = Survivors::parse(&text).expect("a list");
        assert_eq!(list.0[0].reason, "It is as right.");
        let moved = of("\n\nfn f() {\n// gap\n    a?;\n// end of gap\n}").expect("Rust");
        let listed: Vec<_> = moved.iter().filter(|it| list.has(it)).collect();
        assert_eq!((listed.len(), listed[0].kind), (1, "try-unwrap"));
    }

    #[test]
    fn one_reason_may_hold_for_all_edits_of_a_line() {
        let mutants = of("fn f() {\n// gap\na?;\nb?;\n// end of gap\n}").expect("Rust");
        let listed = |text: &str| {
            let list = Survivors::parse(text).expect("a list");
            mutants.iter().filter(|it| list.has(it)).count()
        };
        let tries = listed("try-*\n- a?;\n+ *\nWhy.\n");
        assert!(tries > 3);
        assert_eq!(
            listed("*\n- a?;\n+ *\nWhy.\n"),
            tries + 1,
            "the statement left out"
        );
        assert_eq!(listed("try-unwrap\n- a?;\n+ *\nWhy.\n"), 1);
    }

    #[test]
    fn an_entry_without_a_reason_is_an_error() {
        let error = Survivors::parse("kind\n- a\n+ b\n").expect_err("no reason");
        assert!(error.to_string().contains("no reason"), "{error}");
        assert!(Survivors::parse("kind\n- a\n+ b\n  \n").is_err());
        assert!(Survivors::parse("kind\na\n+ b\nwhy\n").is_err());
        assert_eq!(
            Survivors::parse("# nothing\n").expect("empty"),
            Survivors::default()
        );
    }
}
