//! Texts and transcripts of bounded length, in which nothing that differs is lost.
//!
//! A program can report a value of a megabyte, and no screen should show it. What is cut keeps its beginning, its length
//! and a digest of the whole: two texts that differ still differ when both are cut.

use std::hash::{Hash, Hasher};

use tap::{Content, Line, Transcript, What};

use crate::limits::MAX_EVENTS;

/// The longest text of a line, in bytes: a page.
const MAX_TEXT_BYTES: usize = 2_000;

/// The text itself, or its beginning and what is left out of it.
///
/// A text that was cut is longer than one that need not be. So no program can report the cut form of another value: that
/// would be cut once more.
pub(crate) fn text(text: &str) -> String {
    if text.len() <= MAX_TEXT_BYTES {
        return text.to_owned();
    }
    let head = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    let left_out = text.len() - head.len();
    let mut digest = Digest::default();
    digest.write(text.as_bytes());
    format!("{head}... {left_out} bytes left out, digest of all {digest}")
}

/// Cuts the texts of a transcript's lines, and its lines where there are too many.
pub(crate) fn transcript(transcript: &mut Transcript) {
    for line in &mut transcript.lines {
        if let Some(long) = text_of(&mut line.content)
            && long.len() > MAX_TEXT_BYTES
        {
            *long = text(long);
        }
    }
    if transcript.lines.len() > MAX_EVENTS {
        let left_out = transcript.lines.split_off(MAX_EVENTS - 1);
        let mut digest = Digest::default();
        left_out.hash(&mut digest);
        let count = left_out.len();
        transcript.lines.push(Line {
            depth: 0,
            compared: true,
            content: Content::Heading(format!("{count} lines left out, digest {digest}")),
        });
    }
}

/// The text of a line that a program can make as long as it likes.
fn text_of(content: &mut Content) -> Option<&mut String> {
    match content {
        Content::Call { path, .. } => Some(path),
        Content::Arrow {
            what: What::Metadata { value, .. },
            ..
        } => Some(value),
        Content::Arrow {
            what: What::Malformed(reason),
            ..
        } => Some(reason),
        Content::Dump { meaning, .. } => Some(meaning),
        Content::Heading(text) | Content::Detail(text) => Some(text),
        // Of a message on one line, the fields fit on the line.
        Content::Arrow { .. } | Content::Exchange { .. } => None,
    }
}

/// FNV-1a with 128 bits: not for secrets, and wide enough that two texts never meet by chance.
struct Digest(u128);

impl Default for Digest {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    fn finish(&self) -> u64 {
        self.0 as u64
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_fnv_1a() {
        // The values of the algorithm's own description.
        assert_eq!(
            Digest::default().to_string(),
            "6c62272e07bb014262b821756295c58d"
        );
        let mut digest = Digest::default();
        digest.write(b"foobar");
        assert_eq!(digest.to_string(), "343e1662793c64bf6f0d3597ba446f18");
    }

    #[test]
    fn last_text_that_stays_whole_and_first_that_is_cut() {
        let whole = "a".repeat(MAX_TEXT_BYTES);
        assert_eq!(text(&whole), whole);
        let cut = text(&format!("{whole}b"));
        assert!(
            cut.starts_with(&format!("{whole}... 1 bytes left out, digest")),
            "{cut}"
        );
        // Not in the middle of a character.
        let cut = text(&"é".repeat(MAX_TEXT_BYTES));
        assert!(cut.contains("... 2000 bytes left out"), "{cut}");
        assert!(text(&format!("a{}", "é".repeat(MAX_TEXT_BYTES))).contains("... 2002 bytes"));
    }

    #[test]
    fn texts_that_differ_anywhere_differ_when_they_are_cut() {
        let long = "x".repeat(1 << 20);
        let other = format!("{}y", &long[1..]);
        assert_ne!(text(&long), text(&other));
        assert_eq!(text(&long), text(&long.clone()));
        // Nobody can report what another value is cut to.
        assert_ne!(text(&text(&long)), text(&long));
        assert!(text(&long).len() < MAX_TEXT_BYTES + 100);
    }

    fn details(texts: impl Iterator<Item = String>) -> Transcript {
        let line = |text| Line {
            depth: 1,
            compared: true,
            content: Content::Detail(text),
        };
        Transcript {
            lines: texts.map(line).collect(),
        }
    }

    #[test]
    fn transcripts_that_differ_in_a_late_line_differ_when_they_are_cut() {
        let lines =
            |last: usize| details((0..MAX_EVENTS).chain([last]).map(|line| line.to_string()));
        let (mut one, mut other) = (lines(1), lines(2));
        transcript(&mut one);
        transcript(&mut other);
        assert_eq!(one.lines.len(), MAX_EVENTS);
        assert_ne!(one, other);
        let mut whole = details((0..MAX_EVENTS).map(|line| line.to_string()));
        transcript(&mut whole);
        assert_eq!(whole.lines[MAX_EVENTS - 1].content.to_string(), "4999");
    }

    #[test]
    fn line_that_was_cut_is_read_back() {
        let mut long = details(["\n".repeat(1 << 20), "a ".repeat(2_000)].into_iter());
        long.lines[0].depth = 0;
        long.lines[0].content = Content::Heading("\n".repeat(1 << 20));
        transcript(&mut long);
        assert_eq!(long.to_string().parse(), Ok(long.clone()));
        assert!(long.to_string().len() < 10_000);
    }
}
