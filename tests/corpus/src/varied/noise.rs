//! What happens to a document between the printer and the text: hard line breaks, capitals, misread characters.

use crate::draw::Draw;

/// Leaves most documents alone, and spoils the others a little or a lot.
pub(super) fn apply(text: String, draw: &mut Draw) -> String {
    let text = if draw.chance(20) {
        wrap(&text, draw.between(28, 72) as usize)
    } else {
        text
    };
    let text = if draw.chance(6) {
        text.to_uppercase()
    } else {
        text
    };
    let text = if draw.chance(6) {
        text.to_lowercase()
    } else {
        text
    };
    match draw.between(0, 99) {
        0..=64 => text,
        65..=89 => misread(&text, draw.between(3, 12), draw),
        _ => misread(&text, draw.between(15, 40), draw),
    }
}

/// Breaks lines at spaces before they grow wider than `width` characters.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / width);
    for line in text.split('\n') {
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Spoils about `rate` characters in a thousand, as a text recogniser does.
fn misread(text: &str, rate: u32, draw: &mut Draw) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if draw.between(0, 999) >= rate {
            out.push(letter);
            continue;
        }
        match (draw.between(0, 3), letter, letters.peek()) {
            (0, ' ', _) => {}
            (0, _, Some(&next)) if letter.is_alphabetic() && next.is_alphabetic() => {
                out.push(next);
                out.push(letter);
                letters.next();
            }
            (1, _, _) if letter.is_alphabetic() => {}
            (2, _, _) if letter == ' ' => out.push('\n'),
            (3, _, _) if letter.is_alphabetic() => out.extend([letter, ' ']),
            _ => out.push_str(lookalike(letter, &mut [0; 4])),
        }
    }
    out
}

/// What a character is often misread as.
fn lookalike(letter: char, buffer: &mut [u8; 4]) -> &str {
    match letter {
        '0' => "O",
        'O' | 'o' => "0",
        '1' | 'I' => "l",
        'l' | 'i' => "1",
        '5' => "S",
        'S' => "5",
        'm' => "rn",
        'w' => "vv",
        'e' => "c",
        'h' => "b",
        'B' => "8",
        '8' => "B",
        _ => letter.encode_utf8(buffer),
    }
}
