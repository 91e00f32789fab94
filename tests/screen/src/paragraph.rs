//! Text in lines of a given width.

use crate::style::Style;
use crate::view::View;
use crate::width::{cut_at, width};

/// The indentation of a line of code, which is kept.
const CODE_INDENT: &str = "    ";

/// A text in lines of at most this width. Lines stay apart, each wrapped at its spaces. An item of a list, which begins
/// with a dash, goes on deeper. A word that is wider than the line is cut, a path after one of its slashes. A line of code,
/// which is indented by four spaces, stays whole however wide it is: a comment that went on in a line of its own would
/// not compile where it is copied to.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = words.as_str();
        if words.is_empty() {
            continue;
        }
        if line.starts_with(CODE_INDENT) {
            lines.push(line.trim_end().to_owned());
        } else if words.starts_with("- ") {
            wrap(words, columns, "", "  ", &mut lines);
        } else {
            wrap(words, columns, "", "", &mut lines);
        }
    }
    lines
}

/// Wraps one line: `first` stands before its first piece, `next` before each other one.
pub(crate) fn wrap(line: &str, columns: usize, first: &str, next: &str, lines: &mut Vec<String>) {
    let mut piece = first.to_owned();
    let mut is_empty = true;
    // Spaces count in what crossed the wire: each but the one that a line ends at is kept.
    for word in line.split(' ') {
        let mut word = word;
        loop {
            let space = usize::from(!is_empty);
            let room = columns.saturating_sub(width(&piece) + space);
            if width(&piece) + space + width(word) <= columns {
                if !is_empty {
                    piece.push(' ');
                }
                piece.push_str(word);
                is_empty = false;
                break;
            }
            if is_empty {
                let end = cut_at(word, room.max(1));
                let slash = word[..end].rfind('/').filter(|at| *at > 0);
                let (cut, rest) = word.split_at(slash.map_or(end, |at| at + 1));
                piece.push_str(cut);
                word = rest;
            }
            let done = std::mem::replace(&mut piece, next.to_owned());
            lines.push(done.trim_end().to_owned());
            is_empty = true;
            if word.is_empty() {
                break;
            }
        }
    }
    if !is_empty {
        lines.push(piece);
    }
}

/// A text behind a label, wrapped, its further lines below the first.
pub fn paragraph(label: &str, text: &str, view: &View) -> Vec<String> {
    let indent = width(label);
    let lines = wrapped(text, view.text_columns().saturating_sub(indent).max(10));
    let mut lines = lines.into_iter();
    let first = lines.next().unwrap_or_default();
    let first = format!("{}{first}", view.styles.paint(Style::Strong, label));
    let further = lines.map(|line| format!("{:indent$}{line}", ""));
    std::iter::once(first).chain(further).collect()
}

/// As [`paragraph`], of a text of several paragraphs, with an empty line between them.
pub fn paragraphs(label: &str, text: &str, view: &View) -> Vec<String> {
    let indent = width(label);
    let mut lines = Vec::new();
    for block in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
        if lines.is_empty() {
            lines = paragraph(label, block, view);
            continue;
        }
        lines.push(String::new());
        let further = wrapped(block, view.text_columns().saturating_sub(indent).max(10));
        lines.extend(further.iter().map(|line| format!("{:indent$}{line}", "")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_and_stay_apart() {
        assert_eq!(
            wrapped("one two three\n\nfour\n- five six seven", 9),
            ["one two", "three", "four", "- five", "  six", "  seven"]
        );
    }

    #[test]
    fn code_keeps_its_indentation_and_its_lines() {
        let code = "Fill in:\n    let a = 1;\n        a";
        assert_eq!(
            wrapped(code, 20),
            ["Fill in:", "    let a = 1;", "        a"]
        );
        let code = "Fill in the dots:\n    ... // send it; return where that fails";
        let shown = [
            "Fill in the dots:",
            "    ... // send it; return where that fails",
        ];
        assert_eq!(wrapped(code, 20), shown);
        let below: Vec<_> = shown.iter().map(|line| format!("   {line}")).collect();
        let view = View {
            columns: 40,
            ..View::PIPE
        };
        assert_eq!(paragraphs("3. ", code, &view)[1], below[1]);
    }

    #[test]
    fn long_words_are_cut_and_paths_after_a_slash() {
        assert_eq!(wrapped("abcdefgh", 5), ["abcde", "fgh"]);
        assert_eq!(
            wrapped("in lessons/02-unary/src/ex1.rs", 16),
            ["in", "lessons/", "02-unary/src/", "ex1.rs"][..].to_vec()
        );
    }

    #[test]
    fn paragraphs_stay_apart_and_lists_together() {
        let lines = paragraphs("1. ", "Two ways:\n- one\n- two\n\nTake one.", &View::PIPE);
        assert_eq!(
            lines,
            ["1. Two ways:", "   - one", "   - two", "", "   Take one."]
        );
    }

    #[test]
    fn further_lines_stand_below_the_first() {
        let view = View {
            columns: 30,
            ..View::PIPE
        };
        let lines = paragraph(
            "  why     ",
            "It waits for an answer that does not come.",
            &view,
        );
        assert_eq!(lines[0], "  why     It waits for an");
        assert!(lines[1..].iter().all(|line| line.starts_with("          ")));
        assert!(lines.iter().all(|line| line.len() <= 30));
    }
}
