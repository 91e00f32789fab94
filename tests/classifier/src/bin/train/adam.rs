//! Adam (Kingma and Ba, 2015), for the rows that a batch touched.
//!
//! It has no weight decay: that takes most from the words met most often, which are the ones to trust, and held-out
//! accuracy fell with every bit of it. Leaving out words and never showing a document twice do its work.

use crate::network::{Gradient, Network, WIDTH};

const MEAN_DECAY: f64 = 0.9;
const SQUARE_DECAY: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// The running averages of every number's gradient.
pub(crate) struct Adam {
    mean: Gradient,
    square: Gradient,
    steps: i32,
}

impl Adam {
    pub(crate) fn new() -> Adam {
        Adam {
            mean: Gradient::new(),
            square: Gradient::new(),
            steps: 0,
        }
    }

    /// Moves `network` down `gradient`, each number by about `rate` at most. The row of a word that the batch does not
    /// have stays where it is.
    pub(crate) fn step(&mut self, network: &mut Network, gradient: &Gradient, rate: f64) {
        self.steps += 1;
        let debias = Debias {
            mean: 1.0 - libm::pow(MEAN_DECAY, f64::from(self.steps)),
            square: 1.0 - libm::pow(SQUARE_DECAY, f64::from(self.steps)),
        };
        let (mean, square) = (&mut self.mean, &mut self.square);
        for &row in &gradient.touched {
            for at in row * WIDTH..(row + 1) * WIDTH {
                let by = debias.update(
                    &mut mean.embedding[at],
                    &mut square.embedding[at],
                    gradient.embedding[at],
                );
                network.embedding[at] -= rate * by;
            }
            let (m, s) = (
                &mut mean.log_importance[row],
                &mut square.log_importance[row],
            );
            network.log_importance[row] -= rate * debias.update(m, s, gradient.log_importance[row]);
        }
        for at in 0..gradient.output.len() {
            let by = debias.update(
                &mut mean.output[at],
                &mut square.output[at],
                gradient.output[at],
            );
            network.output[at] -= rate * by;
        }
        for at in 0..gradient.bias.len() {
            let by = debias.update(&mut mean.bias[at], &mut square.bias[at], gradient.bias[at]);
            network.bias[at] -= rate * by;
        }
    }
}

/// The factors that make up for averages that began at zero.
struct Debias {
    mean: f64,
    square: f64,
}

impl Debias {
    /// Takes a gradient into both averages and returns the direction to move against.
    fn update(&self, mean: &mut f64, square: &mut f64, gradient: f64) -> f64 {
        *mean = MEAN_DECAY * *mean + (1.0 - MEAN_DECAY) * gradient;
        *square = SQUARE_DECAY * *square + (1.0 - SQUARE_DECAY) * gradient * gradient;
        (*mean / self.mean) / ((*square / self.square).sqrt() + EPSILON)
    }
}
