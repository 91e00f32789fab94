//! What the compiler said, as it printed it, and in one line.

use std::collections::BTreeSet;

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
        let place = rendered
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("--> "));
        let line = place.and_then(|place| {
            let mut parts = place.trim_end().rsplit(':');
            parts.next()?;
            parts.next()?.parse().ok()
        });
        Self {
            text: text.to_owned(),
            line,
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
