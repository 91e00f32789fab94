//! Which words moved a score: the model's answer with and without each.

use crate::MAX_KEYWORDS;
use crate::model::Answer;
use crate::words::Bag;

/// A word is a keyword of a label only if the label's odds (probability to its complement) with the word are at least
/// this many times those without it. Odds, because near 1 no single word moves a probability much, and yet the words
/// of an obvious contract should be named; a twentieth, because less is lost in the rounding of the second place.
pub const LEAST_ODDS_RATIO: f32 = 1.05;

/// The words of `bag` without which the model would give the label in `column` the least, strongest first.
pub(crate) fn choose(bag: &Bag, answer: &Answer, column: usize) -> Vec<String> {
    let with = answer.probabilities[column];
    let mut words: Vec<(f32, &str)> = bag
        .entries()
        .iter()
        .zip(&answer.without)
        .filter_map(|(entry, without)| Some((without[column], entry.word.as_deref()?)))
        .filter(|&(without, _)| odds(with) >= LEAST_ODDS_RATIO * odds(without))
        .collect();
    words.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    words.truncate(MAX_KEYWORDS);
    words.into_iter().map(|(_, word)| word.to_owned()).collect()
}

fn odds(probability: f32) -> f32 {
    probability / (1.0 - probability)
}
