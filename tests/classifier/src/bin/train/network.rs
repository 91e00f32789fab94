//! The network's numbers, what it computes, and how its loss changes with each of them.
//!
//! A word has an embedding and an importance. A text means the average of its words' embeddings, each weighted by
//! importance times the square root of its count, with a mass of [`PRIOR`] that means nothing: a text without one
//! known word scores near the average. A linear layer and a softmax follow. All arithmetic is f64, one operation
//! after the other: Rust neither reorders nor contracts it, and `exp` comes from libm, so every machine agrees.

use classifier::words::{Bag, ROWS};
use corpus::Kind;

/// Numbers in an embedding. Five scores that sum to 1 have four degrees of freedom, so a linear layer
/// needs no more.
pub(crate) const WIDTH: usize = 4;
/// Scores of a text.
pub(crate) const LABELS: usize = Kind::ALL.len();
/// The mass of the meaningless word that every text has.
pub(crate) const PRIOR: f64 = 0.5;

/// Every number that training changes.
#[derive(Clone)]
pub(crate) struct Network {
    /// `ROWS` embeddings of `WIDTH` numbers.
    pub(crate) embedding: Vec<f64>,
    /// `ROWS` logarithms of an importance.
    pub(crate) log_importance: Vec<f64>,
    /// `WIDTH` rows of `LABELS` numbers.
    pub(crate) output: Vec<f64>,
    /// `LABELS` numbers.
    pub(crate) bias: Vec<f64>,
    /// How many documents of the training corpus had a word of the row.
    pub(crate) seen: Vec<u32>,
}

/// How much a loss changes with each number of a [`Network`]. `touched` rows are the only ones that are not zero.
pub(crate) struct Gradient {
    pub(crate) embedding: Vec<f64>,
    pub(crate) log_importance: Vec<f64>,
    pub(crate) output: Vec<f64>,
    pub(crate) bias: Vec<f64>,
    pub(crate) touched: Vec<usize>,
    is_touched: Vec<bool>,
}

/// A text of the training corpus, read once.
pub(crate) struct Example {
    /// Rows and the square roots of their counts.
    pub(crate) words: Vec<(usize, f64)>,
    pub(crate) kind: Kind,
}

impl Example {
    pub(crate) fn of(document: &corpus::Document) -> Example {
        let words = Bag::of(&document.text)
            .entries()
            .iter()
            .map(|entry| (entry.row as usize, f64::from(entry.count).sqrt()))
            .collect();
        Example {
            words,
            kind: document.kind,
        }
    }
}

impl Network {
    /// Embeddings at zero, so that a word means nothing until it is seen to; the output layer at chance.
    pub(crate) fn new(rng: &mut fastrand::Rng) -> Network {
        let rows = ROWS as usize;
        Network {
            embedding: vec![0.0; rows * WIDTH],
            log_importance: vec![-1.0; rows],
            output: (0..WIDTH * LABELS).map(|_| rng.f64() * 2.0 - 1.0).collect(),
            bias: vec![0.0; LABELS],
            seen: vec![0; rows],
        }
    }

    /// The five probabilities of a text.
    pub(crate) fn forward(&self, words: &[(usize, f64)]) -> [f64; LABELS] {
        self.pool(words).2
    }

    /// The meaning of a text, its mass, and its probabilities.
    fn pool(&self, words: &[(usize, f64)]) -> ([f64; WIDTH], f64, [f64; LABELS]) {
        let mut meaning = [0.0; WIDTH];
        let mut mass = PRIOR;
        for &(row, presence) in words {
            let weight = presence * libm::exp(self.log_importance[row]);
            mass += weight;
            for (sum, value) in meaning.iter_mut().zip(self.row(row)) {
                *sum += weight * value;
            }
        }
        for sum in &mut meaning {
            *sum /= mass;
        }
        let mut scores = [0.0; LABELS];
        scores.copy_from_slice(&self.bias);
        for (value, weights) in meaning.iter().zip(self.output.chunks(LABELS)) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += value * weight;
            }
        }
        (meaning, mass, softmax(scores))
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.embedding[row * WIDTH..(row + 1) * WIDTH]
    }

    /// Adds to `gradient` how the cross-entropy against `target` changes, times `scale`; returns the cross-entropy.
    pub(crate) fn backward(
        &self,
        words: &[(usize, f64)],
        target: &[f64; LABELS],
        scale: f64,
        gradient: &mut Gradient,
    ) -> f64 {
        let (meaning, mass, probabilities) = self.pool(words);
        let mut loss = 0.0;
        let mut by_score = [0.0; LABELS];
        for label in 0..LABELS {
            loss -= target[label] * libm::log(probabilities[label]);
            by_score[label] = (probabilities[label] - target[label]) * scale;
            gradient.bias[label] += by_score[label];
        }
        let mut by_meaning = [0.0; WIDTH];
        for place in 0..WIDTH {
            for (label, &by) in by_score.iter().enumerate() {
                by_meaning[place] += self.output[place * LABELS + label] * by;
                gradient.output[place * LABELS + label] += meaning[place] * by;
            }
        }
        for &(row, presence) in words {
            gradient.touch(row);
            let share = presence * libm::exp(self.log_importance[row]) / mass;
            let mut by_importance = 0.0;
            for place in 0..WIDTH {
                let at = row * WIDTH + place;
                gradient.embedding[at] += share * by_meaning[place];
                by_importance += share * (self.embedding[at] - meaning[place]) * by_meaning[place];
            }
            gradient.log_importance[row] += by_importance;
        }
        loss
    }
}

impl Gradient {
    pub(crate) fn new() -> Gradient {
        let rows = ROWS as usize;
        Gradient {
            embedding: vec![0.0; rows * WIDTH],
            log_importance: vec![0.0; rows],
            output: vec![0.0; WIDTH * LABELS],
            bias: vec![0.0; LABELS],
            touched: Vec::new(),
            is_touched: vec![false; rows],
        }
    }

    fn touch(&mut self, row: usize) {
        if !self.is_touched[row] {
            self.is_touched[row] = true;
            self.touched.push(row);
        }
    }

    /// Sets everything back to zero.
    pub(crate) fn clear(&mut self) {
        for row in self.touched.drain(..) {
            self.is_touched[row] = false;
            self.log_importance[row] = 0.0;
            self.embedding[row * WIDTH..(row + 1) * WIDTH].fill(0.0);
        }
        self.output.fill(0.0);
        self.bias.fill(0.0);
    }
}

fn softmax(scores: [f64; LABELS]) -> [f64; LABELS] {
    let highest = scores.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let powers = scores.map(|score| libm::exp(score - highest));
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}
