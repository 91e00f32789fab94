//! What the compiler said, as it printed it, and in one line.

use std::collections::BTreeSet;

use crate::width::escape;

/// How many warnings are shown. The others are counted.
pub(crate) const SHOWN_WARNINGS: usize = 2;

/// A message of the compiler in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Headline {
    /// `mismatched types`.
    pub(crate) text: String,
    /// Where, from 1.
    pub(crate) line: Option<u32>,
}

impl Headline {
    /// Reads a message such as `error[E0308]: mismatched types`, with ` --> FILE:LINE:COLUMN` below.
    pub(crate) fn of(rendered: &str) -> Self {
        let first = rendered.lines().next().unwrap_or_default();
        let text = first.split_once(": ").map_or(first, |(_, text)| text);
        // "duplicate definitions with name `a`:" has its list below.
        let text = text.trim_end_matches(':');
        // A body without a value is reported at the result's type or at the body's first line, which are right as they are.
        let in_body = match rendered.contains("implicitly returns `()`") {
            true => helped_line(rendered, "help: "),
            false => helped_line(rendered, "help: remove this semicolon"),
        };
        Self {
            text: text.to_owned(),
            line: in_body.or_else(|| first_line(rendered)),
        }
    }

    /// `mismatched types (line 14)`.
    pub(crate) fn sentence(&self) -> String {
        match self.line {
            Some(line) => format!("{} (line {line})", self.text),
            None => self.text.clone(),
        }
    }
}

/// The line that the message is about first, from ` --> FILE:LINE:COLUMN`.
fn first_line(rendered: &str) -> Option<u32> {
    let mut lines = rendered.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = place.trim_end().rsplit(':');
    parts.next()?;
    parts.next()?.parse().ok()
}

/// The line that the message's first help of this beginning is about: it stands below the line where it is a note in the
/// margin, and above it where it is a part of its own.
fn helped_line(rendered: &str, help: &str) -> Option<u32> {
    let lines: Vec<_> = rendered.lines().collect();
    let number = |line: &&str| line.split([' ', '|']).next()?.parse().ok();
    let help = lines.iter().position(|line| line.contains(help))?;
    match lines[help].starts_with("help: ") {
        true => lines[help..].iter().find_map(number),
        false => lines[..help].iter().rev().find_map(number),
    }
}

/// The messages, each once: the compiler reports a mistake in a signature at every place that uses it.
pub(crate) fn distinct<'a>(messages: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    messages
        .map(|message| message.trim_end())
        .filter(|message| seen.insert(*message))
        .collect()
}

/// Warnings with the most telling first: a future that nobody awaits, or a result that nobody looks at, is often the very
/// mistake; an import that nothing uses is not.
pub(crate) fn by_weight(warnings: &[String]) -> Vec<&str> {
    let mut warnings = distinct(warnings.iter());
    warnings.sort_by_key(|warning| {
        let must_be_used = warning.contains("must be used") || warning.contains("unused_must_use");
        let unused = warning.starts_with("warning: unused");
        match (must_be_used, unused) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        }
    });
    warnings
}

/// The most telling warnings in a line, and how many more there are. `None` where there is none.
pub(crate) fn warnings_in_short(warnings: &[String]) -> Option<String> {
    let warnings = by_weight(warnings);
    let shown = warnings.iter().take(SHOWN_WARNINGS);
    let mut parts: Vec<_> = shown
        .map(|warning| escape(&Headline::of(warning).sentence()))
        .collect();
    match warnings.len().saturating_sub(SHOWN_WARNINGS) {
        0 => {}
        1 => parts.push("and 1 more".to_owned()),
        count => parts.push(format!("and {count} more")),
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUST_USE: &str = "warning: unused implementer of `Future` that must be used\n  --> lessons/02-unary/src/ex5.rs:24:5\n   |\n24 |     ask();\n";

    #[test]
    fn headline_has_the_words_and_the_line() {
        let headline = Headline::of("error[E0308]: mismatched types\n  --> a/b.rs:14:9\n");
        assert_eq!(headline.sentence(), "mismatched types (line 14)");
        assert_eq!(Headline::of("error: linking failed").line, None);
        assert_eq!(Headline::of(MUST_USE).line, Some(24));
    }

    #[test]
    fn body_without_a_value_is_told_by_the_line_of_the_help() {
        let begin = "error[E0308]: mismatched types\n  --> a/b.rs:13:59\n   |\n13 | pub fn b() -> u8 {\n   |        -      ^^ \
                     expected `u8`, found `()`\n   |        |\n   |        implicitly returns `()` as its body has no tail\n";
        let line = |rest: &str| Headline::of(&format!("{begin}{rest}")).line;
        assert_eq!(
            line(
                "...\n21 |     a;\n   |      - help: remove this semicolon to return this value\n   |\n"
            ),
            Some(21)
        );
        assert_eq!(
            line(
                "   |\nhelp: remove this semicolon to return this value\n   |\n22 -     a;\n22 +     a\n"
            ),
            Some(22)
        );
        assert_eq!(line(""), Some(13));
        let future = begin.replace("implicitly returns `()`", "a future");
        let future = format!(
            "{future}21 | |     a;\n   | |      - help: remove this semicolon to return this value\n22 | | }}\n"
        );
        assert_eq!(Headline::of(&future).line, Some(21));
        let other = "error[E0308]: mismatched types\n  --> a/b.rs:14:9\n   |\n14 | a(&b)\n   |   ^^\n   |\nhelp: remove it\n   |\n15 - x\n";
        assert_eq!(Headline::of(other).line, Some(14));
    }

    #[test]
    fn what_must_be_used_comes_first_and_each_once() {
        let unused = "warning: unused variable: `a`\n".to_owned();
        let other = "warning: unreachable expression\n".to_owned();
        let warnings = [unused.clone(), other.clone(), unused, MUST_USE.to_owned()];
        let first: Vec<_> = by_weight(&warnings)
            .iter()
            .map(|warning| Headline::of(warning).text)
            .collect();
        assert_eq!(
            first,
            [
                "unused implementer of `Future` that must be used",
                "unreachable expression",
                "unused variable: `a`"
            ]
        );
    }
}
