//! Keywords are words of the text without which the score would be lower.

use std::collections::BTreeSet;

use classifier::keywords::LEAST_ODDS_RATIO;
use classifier::words::Bag;
use classifier::{Kind, MAX_KEYWORDS};
use corpus::{Style, documents, documents_in};

use super::{probability, rank};

/// `text` without the words that the network takes for `word`, and with every other.
fn without(text: &str, word: &str) -> Option<String> {
    let row = Bag::of(word).entries()[0].row;
    let mut kept = Vec::new();
    for piece in text.split_whitespace() {
        let bag = Bag::of(piece);
        let rows: BTreeSet<u32> = bag.entries().iter().map(|entry| entry.row).collect();
        match (rows.contains(&row), rows.len()) {
            (true, 1) => {}
            (true, _) => return None,
            (false, _) => kept.push(piece),
        }
    }
    Some(kept.join(" "))
}

fn odds(probability: f32) -> f32 {
    probability / (1.0 - probability)
}

#[test]
fn taking_a_keyword_away_lowers_the_score() {
    let mut tried = 0;
    for document in documents(3, 200) {
        for score in rank(&document.text) {
            for word in &score.keywords {
                let Some(rest) = without(&document.text, word) else {
                    continue;
                };
                let rest = probability(&rest, score.label);
                let ratio = odds(score.probability) / odds(rest);
                // The network computes both in one run, this test in two: allow for rounding to f32.
                assert!(
                    ratio > LEAST_ODDS_RATIO * 0.999,
                    "{word} moved {} by {ratio}: {}",
                    score.label,
                    document.text
                );
                assert!(rest < score.probability);
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "only {tried} keywords could be tried");
}

#[test]
fn first_keyword_is_the_one_missed_most() {
    let text =
        "This agreement may be terminated by either party. The tenant shall pay the rent monthly.";
    let top = &rank(text)[0];
    let effect =
        |word: &str| top.probability - probability(&without(text, word).unwrap(), top.label);
    let best = Bag::of(text)
        .entries()
        .iter()
        .filter_map(|entry| entry.word.clone())
        .max_by(|a, b| effect(a).total_cmp(&effect(b)));
    assert_eq!(top.keywords.first(), best.as_ref());
}

#[test]
fn keywords_are_few_distinct_lower_case_words_of_the_text() {
    for document in documents_in(Style::Varied, 9, 300) {
        let text = document.text.to_lowercase();
        for score in rank(&document.text) {
            let distinct: BTreeSet<&String> = score.keywords.iter().collect();
            assert!(score.keywords.len() <= MAX_KEYWORDS && distinct.len() == score.keywords.len());
            for word in &score.keywords {
                assert!(
                    text.contains(word.as_str()) && *word == word.to_lowercase(),
                    "{word:?} in {text}"
                );
                assert!(word.chars().any(char::is_alphabetic), "{word:?}");
            }
        }
    }
}

#[test]
fn function_words_are_never_keywords() {
    let stops = [
        "the", "of", "and", "to", "for", "is", "you", "i", "we", "your", "from", "with", "not",
    ];
    for document in documents(12, 500) {
        for score in rank(&document.text) {
            assert!(
                !score
                    .keywords
                    .iter()
                    .any(|word| stops.contains(&word.as_str())),
                "{score:?}"
            );
        }
    }
}

#[test]
fn invoice_names_due_as_a_keyword() {
    let scores = rank("Invoice 2041 from Nordwind GmbH. Amount due 1,240.00 EUR by 15 March 2026.");
    assert_eq!(scores[0].label, Kind::Invoice);
    assert!(scores[0].keywords.contains(&"due".to_owned()), "{scores:?}");
}
