//! `constants.txt`, in an exercise's folder: what may be equal on every seed, and what every run must hold.
//!
//! ```text
//! # One line for each, and why.
//! equal setting worker_threads: one thread is what the exercise is about
//! equal document * Rank * response.model_version: the course has one model
//! rising peer message *.number: the peer counts its messages
//! always hidden document * = "NOT_FOUND", "INTERNAL": both kinds of failure
//! ```
//!
//! In a path, `*` stands for part of a word, and `**` for anything. Values are separated by a comma and a space.

use std::fs;
use std::path::Path;

/// What an exercise declares about its seeds.
#[derive(Debug, Default)]
pub struct Declared {
    pub lines: Vec<Line>,
    /// What is wrong with the file.
    pub errors: Vec<String>,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: Kind,
    /// A pattern of paths.
    pub path: String,
}

/// What a line says of the values at its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They may be equal on every seed.
    Equal,
    /// They may rise with the place.
    Rising,
    /// All of these are there on every seed.
    Always(Vec<String>),
}

impl Declared {
    /// Reads the file of an exercise's folder. There may be none.
    pub fn read(folder: &Path) -> Self {
        let path = folder.join("constants.txt");
        match path.exists() {
            true => Self::parse(&fs::read_to_string(path).expect("constants.txt is UTF-8")),
            false => Self::default(),
        }
    }

    fn parse(text: &str) -> Self {
        let mut declared = Self::default();
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse_line(line) {
                Ok(line) => declared.lines.push(line),
                Err(error) => declared
                    .errors
                    .push(format!("constants.txt:{}: {error}", index + 1)),
            }
        }
        declared
    }
}

impl Line {
    /// Whether a path is one of those that the line speaks of.
    pub fn speaks_of(&self, path: &str) -> bool {
        matches(self.path.as_bytes(), path.as_bytes())
    }
}

fn parse_line(line: &str) -> Result<Line, String> {
    let (what, reason) = line
        .split_once(": ")
        .ok_or("a line is `KIND PATH: REASON`")?;
    if reason.trim().is_empty() {
        return Err("a reason is missing".to_owned());
    }
    let (kind, path) = what.split_once(' ').ok_or("a path is missing")?;
    let (kind, path) = match (kind, path.split_once(" = ")) {
        ("equal", None) => (Kind::Equal, path),
        ("rising", None) => (Kind::Rising, path),
        ("always", Some((path, values))) => {
            let values = values.split(", ").map(str::to_owned);
            (Kind::Always(values.collect()), path)
        }
        _ => {
            return Err(
                "a line is `equal PATH`, `rising PATH` or `always PATH = VALUE, ...`".into(),
            );
        }
    };
    Ok(Line {
        kind,
        path: path.trim().to_owned(),
    })
}

/// Whether a text is of this pattern.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        [b'*', rest @ ..] => {
            let ends = |byte: &u8| matches!(byte, b' ' | b'.' | b'[' | b']');
            let word = text.iter().position(ends).unwrap_or(text.len());
            (1..=word).any(|at| matches(rest, &text[at..]))
        }
        [first, rest @ ..] => text
            .split_first()
            .is_some_and(|(byte, after)| byte == first && matches(rest, after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_with_their_kind() {
        let text = "# why\n\nequal setting a: it is\nalways hidden * = \"A\", 7: both\nrising document * n: counted\n";
        let declared = Declared::parse(text);
        assert_eq!(declared.errors, Vec::<String>::new());
        let line = |kind, path: &str| Line {
            kind,
            path: path.to_owned(),
        };
        let always = Kind::Always(vec!["\"A\"".to_owned(), "7".to_owned()]);
        let expected = [
            line(Kind::Equal, "setting a"),
            line(always, "hidden *"),
            line(Kind::Rising, "document * n"),
        ];
        assert_eq!(declared.lines, expected);
    }

    #[test]
    fn lines_that_say_nothing_are_named() {
        for (line, error) in [
            (
                "equal setting a",
                "constants.txt:1: a line is `KIND PATH: REASON`",
            ),
            ("equal setting a:  ", "constants.txt:1: a reason is missing"),
            ("equal: why", "constants.txt:1: a path is missing"),
        ] {
            assert_eq!(Declared::parse(line).errors, [error]);
        }
        for line in ["equal a = 5: why", "always a: why", "constant a: why"] {
            let errors = Declared::parse(line).errors;
            assert!(errors[0].contains("a line is `equal PATH`"), "{errors:?}");
        }
    }

    #[test]
    fn star_stands_for_part_of_a_word_and_two_for_anything() {
        let matches = |pattern: &str, path: &str| matches(pattern.as_bytes(), path.as_bytes());
        assert!(matches("document * id", "document 12 id"));
        assert!(!matches("document * id", "document 1 Classify 1 id"));
        assert!(!matches("document * id", "document  id"));
        assert!(matches("a.b[*].c", "a.b[0].c"));
        assert!(!matches("a.*", "a.b[0].c"));
        assert!(matches("a.**", "a.b[0].c"));
        assert!(matches("**", ""));
        assert!(!matches("a", "ab"));
    }
}
