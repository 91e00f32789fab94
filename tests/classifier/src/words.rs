//! Text to the numbers that the network reads: words, folded, counted, and hashed to rows of its tables.
//!
//! The trainer and the classifier must agree on every step here, so both call [`Bag::of`]. There is no word list:
//! a word of any script has a row, and words that were never seen in training find rows that hold nothing.

mod fold;
mod function;

use std::collections::HashMap;

/// Rows of the network's tables. A word's row is its hash modulo this: with the 2,000 to 3,000 words of the
/// corpus, an unknown word shares the row of a known one less than once in ten times.
pub const ROWS: u32 = 32_768;

/// A text as the network reads it: its distinct words in order of first appearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bag {
    entries: Vec<Entry>,
}

/// A distinct word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The word's row in the network's tables, below [`ROWS`].
    pub row: u32,
    /// How often the text has it.
    pub count: u32,
    /// The word in lower case as it first appeared, or `None` for what the network reads but nobody wants to see as a
    /// keyword: numbers, dates, signs, pronouns, and the words that hold a sentence together.
    pub word: Option<String>,
}

impl Bag {
    /// Reads a text. Takes time in proportion to its length, and any text at all.
    pub fn of(text: &str) -> Bag {
        let mut entries: Vec<Entry> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        split(text, |raw| {
            let (key, word) = read(raw);
            let row = row(&key);
            let place = *places.entry(row).or_insert_with(|| {
                entries.push(Entry {
                    row,
                    count: 0,
                    word,
                });
                entries.len() - 1
            });
            entries[place].count += 1;
        });
        Bag { entries }
    }

    /// The distinct words; empty when the text holds none.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// Calls `found` with every word of `text`.
///
/// A word is a run of letters and digits. An apostrophe between letters and the marks inside `1,240.00`,
/// `2026-03-15` and `14:05` belong to it. Scripts written without spaces give a word for each sign, and so does any
/// sign that is neither ASCII nor general punctuation, such as a currency's or an emoji.
fn split(text: &str, mut found: impl FnMut(&str)) {
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map_or(' ', |&(_, next)| next);
        let alone = fold::stands_alone(letter);
        let inside = !alone
            && (letter.is_alphanumeric() || fold::is_mark(letter) || joins(before, letter, next));
        if inside {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            found(&text[from..at]);
        }
        if alone || letter == '$' || letter == '%' {
            found(&text[at..at + letter.len_utf8()]);
        }
        before = letter;
    }
    if let Some(from) = start {
        found(&text[from..]);
    }
}

/// Whether `letter` holds together what stands on both sides of it.
fn joins(before: char, letter: char, next: char) -> bool {
    match letter {
        '.' | ',' | ':' | '/' | '-' => before.is_numeric() && next.is_numeric(),
        '\'' | '\u{2019}' => before.is_alphabetic() && next.is_alphabetic(),
        _ => false,
    }
}

/// The key under which a word is hashed, and the word to show, if it is one to show.
fn read(raw: &str) -> (String, Option<String>) {
    if raw.contains(char::is_numeric) {
        return (number_class(raw).to_owned(), None);
    }
    let shown = raw.to_lowercase();
    let key = fold::fold(&shown);
    if function::is_function_word(&key) {
        return ("#glue".to_owned(), None);
    }
    let shows = key.chars().any(char::is_alphabetic) && !function::is_pronoun(&key);
    (singular(key), shows.then_some(shown))
}

/// What kind of number a word with digits is. Which number it is says nothing about a document's type, so all
/// amounts are one word to the network, all dates another.
fn number_class(raw: &str) -> &'static str {
    let count = |wanted: &[char]| raw.matches(wanted).count();
    let cents = raw
        .rsplit_once(['.', ','])
        .is_some_and(|(_, end)| end.len() == 2);
    if raw.contains(char::is_alphabetic) {
        "#code"
    } else if raw.contains(':') {
        "#time"
    } else if count(&['/']) > 0 || count(&['-']) > 1 || (count(&['.']) == 2 && count(&[',']) == 0) {
        "#date"
    } else if cents {
        "#amount"
    } else if count(&['.', ',', '-']) > 0 {
        "#figure"
    } else {
        match raw.len() {
            1 => "#1",
            2 => "#2",
            3 => "#3",
            4 => "#4",
            _ => "#long",
        }
    }
}

/// An English plural as its singular, so that `invoices` tells the network what `invoice` does. A word of another
/// language may lose its last letter, which does no harm: the same word always loses it.
fn singular(mut key: String) -> String {
    let stays = ["ss", "us", "is", "'s"]
        .iter()
        .any(|end| key.ends_with(end));
    if !key.is_ascii() || key.len() < 4 || stays || !key.ends_with('s') {
        return key;
    }
    key.pop();
    if key.len() > 4 && key.ends_with("ie") {
        key.truncate(key.len() - 2);
        key.push('y');
    }
    key
}

/// FNV-1a of the key, its high bits folded in, modulo [`ROWS`].
fn row(key: &str) -> u32 {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    ((hash ^ (hash >> 32)) % u64::from(ROWS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let mut keys = Vec::new();
        split(text, |raw| keys.push(read(raw).0));
        keys
    }

    #[test]
    fn words_numbers_and_signs() {
        assert_eq!(
            keys("Invoices, due 1,240.00 € on 2026-03-15 (14:05); 20% off. Don't pay INV-2041!"),
            [
                "invoice", "due", "#amount", "€", "#glue", "#date", "#time", "#2", "%", "#glue",
                "don't", "pay", "inv", "#4"
            ]
        );
        assert_eq!(
            keys("1.5 12,400 A4 parties' glass"),
            ["#figure", "#figure", "#code", "party", "glass"]
        );
    }

    #[test]
    fn accents_fold_and_marks_do_not_split() {
        assert_eq!(keys("Résumé"), keys("Re\u{301}sume\u{301}"));
        assert_eq!(keys("ÉTÉ ß"), ["ete", "ß"]);
    }

    #[test]
    fn scripts_without_spaces_give_one_word_per_sign() {
        assert_eq!(keys("請求書 مرحبا بكم"), ["請", "求", "書", "مرحبا", "بكم"]);
        assert_eq!(keys("ok🎉👍🏽"), ["ok", "🎉", "👍", "🏽"]);
    }

    #[test]
    fn bag_counts_words_and_keeps_the_first_form() {
        let bag = Bag::of("Payments: payment, PAYMENT 12 34");
        let seen: Vec<_> = bag
            .entries()
            .iter()
            .map(|entry| (entry.word.as_deref(), entry.count))
            .collect();
        assert_eq!(seen, [(Some("payments"), 3), (None, 2)]);
        assert!(Bag::of(" .,;!? \n\t--- ").entries().is_empty());
    }
}
