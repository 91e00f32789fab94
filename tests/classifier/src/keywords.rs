//! Which words moved a score: the model's own answer with and without each.

use crate::MAX_KEYWORDS;
use crate::model::Answer;
use crate::words::Bag;

/// A word that raises a probability by less than this (0.005, half of the last digit that a transcript prints) is no
/// keyword: nobody could see the difference it made.
pub const LEAST_EFFECT: f32 = 0.005;

/// The words of `bag` without which the model would give the label in `column` the least, strongest first.
pub(crate) fn choose(bag: &Bag, answer: &Answer, column: usize) -> Vec<String> {
    let with = answer.probabilities[column];
    let mut effects: Vec<(f32, &str)> = bag
        .entries()
        .iter()
        .zip(&answer.without)
        .filter_map(|(entry, without)| Some((with - without[column], entry.word.as_deref()?)))
        .filter(|(effect, _)| *effect >= LEAST_EFFECT)
        .collect();
    effects.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    effects.truncate(MAX_KEYWORDS);
    effects
        .into_iter()
        .map(|(_, word)| word.to_owned())
        .collect()
}
