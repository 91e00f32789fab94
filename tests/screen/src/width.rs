//! How wide text is on a terminal, and text that a terminal must not obey.

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(of_character).sum()
}

/// Letters of East Asian scripts and pictures take two columns, marks on the letter before them none.
fn of_character(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Where a text is to be cut so that the part before takes at most this many columns, and at least one character.
pub(crate) fn cut_at(text: &str, columns: usize) -> usize {
    let mut taken = 0;
    for (at, character) in text.char_indices() {
        taken += of_character(character);
        if taken > columns && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The text padded with spaces to this many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{:missing$}", "")
}

/// The text with everything written out that a terminal would obey, or that would change the order of letters: what a
/// program prints or puts on the wire may be anything.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => out.push_str("    "),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => out.extend(character.escape_unicode()),
            _ if character.is_control() => out.extend(character.escape_default()),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_take_two_columns_and_marks_none() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("\u{6f22}\u{5b57}"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(pad("\u{6f22}", 4), "\u{6f22}  ");
        assert_eq!(cut_at("\u{6f22}\u{5b57}", 3), 3);
        assert_eq!(cut_at("\u{6f22}", 1), 3);
        assert_eq!(cut_at("abc", 5), 3);
    }

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(escape("a\u{1b}[31mb\r\u{7}"), "a\\u{1b}[31mb\\r\\u{7}");
        assert_eq!(escape("\u{202e}abc"), "\\u{202e}abc");
        assert_eq!(escape("a\tb"), "a    b");
    }
}
