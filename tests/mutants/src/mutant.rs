//! Edits of a source, and the programs that they make.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result};
use syn::visit::Visit;

use crate::edit::Edit;
use crate::gap;
use crate::kinds::Collector;

/// A solution with one edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// `try-unwrap-23`: the kind and the line, with `.2` where it is the second such of its line.
    pub name: String,
    /// The kind of its edit.
    pub kind: &'static str,
    /// The line, from 1, where the edit begins.
    pub line: usize,
    /// The lines that the edit is in, joined into one.
    pub before: String,
    /// What becomes of them.
    pub after: String,
    /// The whole program.
    pub text: String,
}

/// All mutants of a solution, in the order of their lines.
///
/// # Errors
///
/// When the source is not Rust.
pub fn of(source: &str) -> Result<Vec<Mutant>> {
    let file = syn::parse_file(source).context("read the solution as Rust")?;
    let mut collector = Collector::new(source, gap::range(source));
    collector.visit_file(&file);
    let mut edits = collector.into_edits();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut names = BTreeMap::<String, usize>::new();
    let mut texts = BTreeSet::from([source.to_owned()]);
    let mut mutants = Vec::new();
    for edit in edits {
        let mut mutant = Mutant::new(source, &edit);
        // Two kinds may come to the same.
        if !texts.insert(mutant.text.clone()) {
            continue;
        }
        let count = names.entry(mutant.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            mutant.name = format!("{}.{count}", mutant.name);
        }
        mutants.push(mutant);
    }
    Ok(mutants)
}

impl Mutant {
    fn new(source: &str, edit: &Edit) -> Self {
        let Range { start, end } = edit.range;
        let line = source[..start].matches('\n').count() + 1;
        let first = source[..start].rfind('\n').map_or(0, |index| index + 1);
        let last = source[end..].find('\n').map_or(source.len(), |it| end + it);
        let (head, tail) = (&source[first..start], &source[end..last]);
        Self {
            name: format!("{}-{line}", edit.kind),
            kind: edit.kind,
            line,
            before: one_line(&source[first..last]),
            after: one_line(&format!("{head}{}{tail}", edit.replacement)),
            text: format!("{}{}{}", &source[..start], edit.replacement, &source[end..]),
        }
    }
}

/// Lines as one, without the comments between them.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.starts_with("//"));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutant_keeps_all_but_its_edit() {
        let source = "fn f() -> R {\n    // before\n    // gap\n    let a = b()\n        // why\n        .c?;\n    // end of gap\n    Ok(1)\n}\n";
        let mutants = of(source).expect("it is Rust");
        let unwrap = mutants
            .iter()
            .find(|it| it.kind == "try-unwrap")
            .expect("there is a `?`");
        assert_eq!(unwrap.name, "try-unwrap-6");
        assert_eq!(
            (unwrap.before.as_str(), unwrap.after.as_str()),
            (".c?;", ".c.unwrap();")
        );
        assert_eq!(unwrap.text, source.replace("c?;", "c.unwrap();"));
        // What is outside of the gap is given.
        assert!(mutants.iter().all(|it| it.text.contains("Ok(1)")));
        let texts: BTreeSet<_> = mutants.iter().map(|it| &it.text).collect();
        let names: BTreeSet<_> = mutants.iter().map(|it| &it.name).collect();
        assert_eq!((texts.len(), names.len()), (mutants.len(), mutants.len()));
    }

    #[test]
    fn lines_are_joined_without_comments() {
        assert_eq!(one_line("a {\n    // no\n\n    b\n}"), "a { b }");
    }
}
