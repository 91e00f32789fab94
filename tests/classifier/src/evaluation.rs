//! How good the model is: on documents it was not trained on, generated ones and ones written by hand.
//!
//! `evaluate` prints these figures into `MODEL_CARD.md` and a test holds them to their limits.

use corpus::{Document, Kind, Style, documents_in};

use crate::{Classifier, Error, Score};

/// How many documents of each generated style are scored.
pub const GENERATED_DOCUMENTS: usize = 2_000;

/// The seed of the generated documents. Training counts up from 2026, so it never meets this one.
const SEED: u64 = 0x0e7a_1ba7e;

/// The model's answer for one document whose kind is known.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The document and what it is.
    pub document: Document,
    /// A score for each label, the likeliest first.
    pub scores: Vec<Score>,
}

impl Outcome {
    /// The label that the model put first.
    pub fn top_label(&self) -> Kind {
        self.scores[0].label
    }

    /// Whether that is what the document is.
    pub fn is_right(&self) -> bool {
        self.top_label() == self.document.kind
    }
}

/// Scores every document. Fails if one holds no word.
pub fn outcomes(classifier: &Classifier, documents: Vec<Document>) -> Result<Vec<Outcome>, Error> {
    documents
        .into_iter()
        .map(|document| {
            Ok(Outcome {
                scores: classifier.rank(&document.text)?,
                document,
            })
        })
        .collect()
}

/// [`GENERATED_DOCUMENTS`] documents of a style, from a seed that training does not use.
pub fn generated(style: Style) -> Vec<Document> {
    documents_in(style, SEED, GENERATED_DOCUMENTS)
}

/// The documents of `handwritten/development.txt`: never trained on, but the corpus was widened where they failed.
pub fn development() -> Vec<Document> {
    sections(include_str!("../handwritten/development.txt"))
}

/// The documents of `handwritten/unseen.txt`, written when the corpus was done: the honest measure.
pub fn unseen() -> Vec<Document> {
    sections(include_str!("../handwritten/unseen.txt"))
}

/// Documents set apart by lines of `=== ` and a label. What stands before the first is a comment.
fn sections(text: &str) -> Vec<Document> {
    let section = |section: &str| {
        let (label, text) = section.split_once('\n')?;
        Some(Document {
            kind: Kind::from_label(label)?,
            text: text.trim().to_owned(),
        })
    };
    text.split("=== ").skip(1).filter_map(section).collect()
}

/// The share of outcomes that are right, from 0 to 1.
pub fn accuracy(outcomes: &[Outcome]) -> f64 {
    outcomes.iter().filter(|outcome| outcome.is_right()).count() as f64 / outcomes.len() as f64
}

/// The mean probability of the label put first. In a calibrated model it equals the accuracy.
pub fn mean_confidence(outcomes: &[Outcome]) -> f64 {
    let sum: f64 = outcomes
        .iter()
        .map(|outcome| f64::from(outcome.scores[0].probability))
        .sum();
    sum / outcomes.len() as f64
}

/// How often a document of the row's kind was called the column's, in the order of [`Kind::ALL`].
pub fn confusion(outcomes: &[Outcome]) -> [[u32; Kind::ALL.len()]; Kind::ALL.len()] {
    let mut counts = [[0; Kind::ALL.len()]; Kind::ALL.len()];
    for outcome in outcomes {
        counts[outcome.document.kind as usize][outcome.top_label() as usize] += 1;
    }
    counts
}
