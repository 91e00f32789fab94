//! Free text in a line: plain where it can be, in quotes where it would read as something else.
//!
//! A quoted text escapes `"` and `\` by a `\`, and what must not stand in a line as `\n`, `\r`, `\t` or `\u{hex}`: control
//! characters, and the invisible ones that change how a line looks. So every text is one line, ends with a character that
//! can be seen, and is read back as it was.

/// Whether a character may stand in a line as it is.
fn visible(character: char) -> bool {
    !(character.is_control()
        || matches!(
            character,
            // Of no width, separators of lines, and marks of direction.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        ))
}

/// Whether a text to the end of a line can stand there without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('"')
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && text.chars().all(visible)
}

/// The text itself, or the text in quotes.
pub(super) fn plain_or_quoted(text: &str, plain: bool) -> String {
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if visible(character) => out.push(character),
            character => out.extend(character.escape_unicode()),
        }
    }
    out.push('"');
    out
}

/// What is left of a line while it is read.
pub(super) struct Scanner<'a>(pub(super) &'a str);

impl<'a> Scanner<'a> {
    /// Takes this text, if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// Takes a word of these characters, or a quoted text.
    pub(super) fn word(&mut self, of: impl Fn(char) -> bool) -> Option<String> {
        if self.0.starts_with('"') {
            return self.quoted();
        }
        Some(self.run(of)?.to_owned())
    }

    /// Takes a number in decimal digits.
    pub(super) fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        self.run(|c| c.is_ascii_digit())?.parse().ok()
    }

    /// Takes all that is left: a quoted text, or one that is plain.
    pub(super) fn text(&mut self) -> Option<String> {
        if self.0.starts_with('"') {
            return self.quoted().filter(|_| self.0.is_empty());
        }
        Some(std::mem::take(&mut self.0))
            .filter(|text| is_plain(text))
            .map(str::to_owned)
    }

    /// Takes characters of this kind, at least one.
    pub(super) fn run(&mut self, of: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|c| !of(c)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(run).filter(|run| !run.is_empty())
    }

    fn quoted(&mut self) -> Option<String> {
        self.eat("\"")?;
        let mut text = String::new();
        let mut characters = self.0.chars();
        loop {
            match characters.next()? {
                '"' => {
                    self.0 = characters.as_str();
                    return Some(text);
                }
                '\\' => text.push(match characters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let (hex, rest) = characters.as_str().strip_prefix('{')?.split_once('}')?;
                        characters = rest.chars();
                        char::from_u32(u32::from_str_radix(hex, 16).ok()?)?
                    }
                    character @ ('"' | '\\') => character,
                    _ => return None,
                }),
                character => text.push(character),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_line_and_is_read_back() {
        for (text, expected) in [
            ("", r#""""#),
            (" a ", r#"" a ""#),
            ("say \"a\\b\"", r#""say \"a\\b\"""#),
            (
                "two\nlines\r\tand \u{1b}[31m",
                r#""two\nlines\r\tand \u{1b}[31m""#,
            ),
            ("right\u{202e}left", r#""right\u{202e}left""#),
        ] {
            assert_eq!(quoted(text), expected);
            assert_eq!(Scanner(expected).text().as_deref(), Some(text));
        }
    }

    #[test]
    fn texts_that_are_not_quoted_well_are_rejected() {
        for text in [
            r#"""#,
            r#""a"#,
            r#""a" b"#,
            r#""\x""#,
            r#""\u{d800}""#,
            r#""\u{110000}""#,
            r#""\u{+1f}"#,
            r#""\"#,
        ] {
            assert_eq!(Scanner(text).text(), None, "{text}");
        }
    }
}
