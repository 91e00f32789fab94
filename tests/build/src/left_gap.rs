//! The gap that is still in a learner's file, and the errors in its call.
//!
//! The call of `kit::gap!` names what the gap needs, so that the starter compiles without a warning. Code above it may use
//! these up, and then the only error is in lines that the learner did not write.

use std::ops::RangeInclusive;

/// How the call begins.
const CALL: &str = "kit::gap!(";

/// An error in the call of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InGap {
    /// The line of the file, from 1, in which the call begins.
    pub(crate) line: usize,
    /// The variable that was moved before, where that is the error.
    pub(crate) moved: Option<String>,
}

/// The first of the compiler's errors about a file that is in the call of a gap.
pub(crate) fn error_in_gap(text: &str, errors: &[String]) -> Option<InGap> {
    let lines = lines_of_call(text)?;
    let error = errors.iter().find(|error| {
        let line = line_of(error);
        line.is_some_and(|line| lines.contains(&line))
    })?;
    Some(InGap {
        line: *lines.start(),
        moved: moved(error),
    })
}

/// The lines of the call, from 1. A gap in a comment is none.
fn lines_of_call(text: &str) -> Option<RangeInclusive<usize>> {
    let mut lines = text.lines().enumerate();
    let (first, _) = lines.find(|(_, line)| line.trim_start().starts_with(CALL))?;
    let before: usize = text.split_inclusive('\n').take(first).map(str::len).sum();
    let at = before + text[before..].find(CALL)? + CALL.len();
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    let end = text[at..].char_indices().find(|(_, character)| {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let end = at + end.map_or(0, |(end, _)| end);
    let newlines = text[at..end].matches('\n').count();
    Some(first + 1..=first + 1 + newlines)
}

/// The line that a message is about, from ` --> FILE:LINE:COLUMN`.
fn line_of(rendered: &str) -> Option<usize> {
    let mut lines = rendered.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = place.trim_end().rsplit(':');
    parts.next()?;
    parts.next()?.parse().ok()
}

/// What was moved, from ``borrow of partially moved value: `document` ``.
fn moved(rendered: &str) -> Option<String> {
    let first = rendered.lines().next()?;
    let (_, value) = first.split_once("moved value: `")?;
    Some(value.trim_end_matches('`').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "//! Not this: kit::gap!(\nfn a(document: Document) {\n    let id = document.id;\n    kit::gap!(\n                                \"Say \\\")\\\", and return it.\";\n        document\n    )\n}\n";

    fn error(line: usize, text: &str) -> Vec<String> {
        vec![format!(
            "error[E0382]: {text}\n --> lessons/01-a/src/ex1.rs:{line}:5\n"
        )]
    }

    #[test]
    fn an_error_in_the_call_says_what_was_moved() {
        let of = |line: usize, moved: Option<&str>| {
            let moved = moved.map(str::to_owned);
            Some(InGap { line, moved })
        };
        let partially = error(4, "borrow of partially moved value: `document`");
        assert_eq!(error_in_gap(FILE, &partially), of(4, Some("document")));
        let whole = error(4, "borrow of moved value: `self.id`");
        assert_eq!(error_in_gap(FILE, &whole), of(4, Some("self.id")));
        let renamed = error(6, "cannot find value `document` in this scope");
        assert_eq!(error_in_gap(FILE, &renamed), of(4, None));
    }

    #[test]
    fn an_error_beside_the_call_is_no_error_in_it() {
        for line in [3, 8] {
            assert_eq!(error_in_gap(FILE, &error(line, "mismatched types")), None);
        }
        assert_eq!(
            error_in_gap("fn a() {}\n", &error(1, "borrow of moved value: `a`")),
            None
        );
    }
}
