//! The training run: which documents, how often, how far each step goes, when to stop.

use corpus::{Kind, Style, documents_in};

use crate::adam::Adam;
use crate::network::{Example, Gradient, LABELS, Network};

/// The seed of the run: of the corpus, the first numbers and the words that are left out.
const SEED: u64 = 2026;
/// How often new documents are made. No document is seen twice, so none is learned by heart.
const ROUNDS: u64 = 6;
/// Documents of a round in the varied style.
const VARIED_DOCUMENTS: usize = 4_000;
/// Documents of a round in the clean style, which exercises use: enough to know the style, too few to be sure of it.
const CLEAN_DOCUMENTS: usize = 30;
/// Documents to a step.
const BATCH_DOCUMENTS: usize = 32;
/// The rate of the first step; it falls in a straight line to nothing.
const FIRST_RATE: f64 = 0.03;
/// What part of the target goes to all labels alike: it keeps the network from being surer than it can know.
const SMOOTHING: f64 = 0.08;
/// How many words in a hundred are left out of a text, others each time, so that no score hangs on one word.
const LEFT_OUT_PERCENT: u32 = 40;
/// A row that fewer documents than this touched is emptied at the end: such words are names and misreadings.
const COMMON_DOCUMENTS: u32 = 4;

/// Trains a network, and passes `progress` a line about each round.
pub(crate) fn train(mut progress: impl FnMut(&str)) -> Network {
    let mut rng = fastrand::Rng::with_seed(SEED);
    let mut network = Network::new(&mut rng);
    let mut adam = Adam::new();
    let mut gradient = Gradient::new();
    let steps = (ROUNDS as usize * (VARIED_DOCUMENTS + CLEAN_DOCUMENTS)).div_ceil(BATCH_DOCUMENTS);
    let mut done = 0;
    for round in 0..ROUNDS {
        let examples = examples(round, &mut rng);
        for example in &examples {
            for &(row, _) in &example.words {
                network.seen[row] += 1;
            }
        }
        let mut loss = 0.0;
        for batch in examples.chunks(BATCH_DOCUMENTS) {
            gradient.clear();
            for example in batch {
                let words = leave_out(&example.words, &mut rng);
                loss += network.backward(
                    &words,
                    &target(example.kind),
                    1.0 / batch.len() as f64,
                    &mut gradient,
                );
            }
            let left = 1.0 - done as f64 / steps as f64;
            adam.step(&mut network, &gradient, FIRST_RATE * left.max(0.0));
            done += 1;
        }
        let right = examples
            .iter()
            .filter(|example| best(&network.forward(&example.words)) == example.kind)
            .count();
        progress(&format!(
            "round {} of {ROUNDS}: loss {:.3}, {:.2} % right after it",
            round + 1,
            loss / examples.len() as f64,
            100.0 * right as f64 / examples.len() as f64
        ));
    }
    network
}

/// Whether a row has seen enough documents to keep what it learned.
pub(crate) fn is_common(network: &Network, row: usize) -> bool {
    network.seen[row] >= COMMON_DOCUMENTS
}

/// The documents of a round, in a drawn order.
fn examples(round: u64, rng: &mut fastrand::Rng) -> Vec<Example> {
    let mut examples: Vec<Example> = documents_in(Style::Varied, SEED + round, VARIED_DOCUMENTS)
        .iter()
        .chain(&documents_in(Style::Clean, SEED + round, CLEAN_DOCUMENTS))
        .map(Example::of)
        .collect();
    for last in (1..examples.len()).rev() {
        let other = rng.u32(0..=last as u32) as usize;
        examples.swap(last, other);
    }
    examples
}

fn leave_out(words: &[(usize, f64)], rng: &mut fastrand::Rng) -> Vec<(usize, f64)> {
    words
        .iter()
        .copied()
        .filter(|_| rng.u32(0..100) >= LEFT_OUT_PERCENT)
        .collect()
}

fn target(kind: Kind) -> [f64; LABELS] {
    let mut target = [SMOOTHING / LABELS as f64; LABELS];
    target[kind as usize] += 1.0 - SMOOTHING;
    target
}

fn best(probabilities: &[f64; LABELS]) -> Kind {
    let mut best = 0;
    for label in 1..LABELS {
        if probabilities[label] > probabilities[best] {
            best = label;
        }
    }
    Kind::ALL[best]
}
