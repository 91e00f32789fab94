//! The gap that is still in a learner's file, and the errors in its call.
//!
//! The call of `kit::gap!` names what the gap needs, so that the starter compiles without a warning. Code above it may use
//! these up, and then the only error is in lines that the learner did not write.

use std::ops::RangeInclusive;

/// How the call begins.
const CALL: &str = "kit::gap!";

/// An error in the call of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InGap {
    /// The line of the file, from 1, in which the call begins.
    pub(crate) line: usize,
    pub(crate) error: GapError,
}

/// What is wrong with the call of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapError {
    /// This variable was moved before.
    Moved(String),
    /// The function or the method of this name, which the gap stands for, is written too.
    Twice(String),
    /// Something else that it names is not as it was.
    Other,
}

/// The first of the compiler's errors about a file that is in the call of a gap.
pub(crate) fn error_in_gap(text: &str, errors: &[String]) -> Option<InGap> {
    let call = Call::find(text)?;
    let line = *call.lines.start();
    errors.iter().find_map(|error| {
        // The compiler's place is the second of the two, which is the call or what was written.
        if let Some(name) = twice(error).filter(|name| call.function.as_ref() == Some(name)) {
            let error = GapError::Twice(name);
            return Some(InGap { line, error });
        }
        let is_in_call = line_of(error).is_some_and(|line| call.lines.contains(&line));
        let error = moved(error).map_or(GapError::Other, GapError::Moved);
        is_in_call.then_some(InGap { line, error })
    })
}

/// Whether a file has the call of a gap. One in a comment is none.
pub(crate) fn has_gap(text: &str) -> bool {
    Call::find(text).is_some()
}

/// The call of a gap.
struct Call {
    /// Its lines, from 1.
    lines: RangeInclusive<usize>,
    /// The function or method that it stands for.
    function: Option<String>,
}

impl Call {
    /// The first call in a file that is not in a comment.
    fn find(text: &str) -> Option<Self> {
        let mut lines = text.lines().enumerate();
        let (first, _) = lines.find(|(_, line)| line.trim_start().starts_with(CALL))?;
        let before: usize = text.split_inclusive('\n').take(first).map(str::len).sum();
        let at = before + text[before..].find(CALL)? + CALL.len();
        let (mut depth, mut in_text, mut escaped) = (0, false, false);
        let mut code = String::new();
        let end = text[at..].char_indices().find(|(_, character)| {
            let was_in_text = in_text;
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = in_text,
                '"' => in_text = !in_text,
                '(' | '{' | '[' if !in_text => depth += 1,
                ')' | '}' | ']' if !in_text => depth -= 1,
                _ => {}
            }
            if !was_in_text {
                code.push(*character);
            }
            depth == 0 && !in_text && !character.is_whitespace()
        });
        let end = at + end.map_or(0, |(end, _)| end);
        let newlines = text[at..end].matches('\n').count();
        Some(Self {
            lines: first + 1..=first + 1 + newlines,
            function: function(&code),
        })
    }
}

/// The name of the function in a call: `upload` from `...; async fn upload(client, file); ...`.
fn function(call: &str) -> Option<String> {
    let mut parts = call.split(';').map(str::trim);
    let name = parts.find_map(|part| {
        let part = part.strip_prefix("async ").unwrap_or(part);
        part.strip_prefix("fn ")
    })?;
    name.split('(').next().map(str::to_owned)
}

/// What is written twice, from ``the name `upload` is defined multiple times`` or ``duplicate definitions with name
/// `classify`:``.
fn twice(rendered: &str) -> Option<String> {
    let first = rendered.lines().next()?;
    let is_twice =
        first.contains("is defined multiple times") || first.contains("duplicate definitions");
    let name = first.split('`').nth(1).filter(|_| is_twice)?;
    Some(name.to_owned())
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
        let of = |line: usize, error: GapError| Some(InGap { line, error });
        let partially = error(4, "borrow of partially moved value: `document`");
        let moved = |name: &str| GapError::Moved(name.to_owned());
        assert_eq!(error_in_gap(FILE, &partially), of(4, moved("document")));
        let whole = error(4, "borrow of moved value: `self.id`");
        assert_eq!(error_in_gap(FILE, &whole), of(4, moved("self.id")));
        let renamed = error(6, "cannot find value `document` in this scope");
        assert_eq!(error_in_gap(FILE, &renamed), of(4, GapError::Other));
    }

    #[test]
    fn a_function_that_is_written_beside_its_gap_is_there_twice() {
        let call = "kit::gap! {\n    \"One; fn two(a) }.\";\n    use A, B;\n    async fn upload(client, file);\n    C\n}\n";
        let file = format!("use a::A;\n\n{call}\npub async fn upload() {{}}\n");
        let twice = Some(InGap {
            line: 3,
            error: GapError::Twice("upload".to_owned()),
        });
        for line in [3, 10] {
            let error = error(line, "the name `upload` is defined multiple times");
            assert_eq!(error_in_gap(&file, &error), twice);
        }
        let of_method = error(6, "duplicate definitions with name `upload`:");
        assert_eq!(error_in_gap(&file, &of_method), twice);
        let of_others = error(10, "the name `two` is defined multiple times");
        assert_eq!(error_in_gap(&file, &of_others), None);
        assert!(has_gap(&file) && !has_gap("// kit::gap! {\n"));
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
