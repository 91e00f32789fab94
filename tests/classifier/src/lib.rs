//! Document text to ranked document types and keywords, by a small ONNX model that tract runs.
//!
//! [`Classifier::load`] reads the model embedded in this crate once; [`Classifier::rank`] scores one text. How the
//! model is made is the `train` program's part, how good it is stands in `MODEL_CARD.md`. This is the only crate of
//! the course that uses tract, so that nothing a learner builds pays for it.
//!
//! ```
//! let classifier = classifier::Classifier::load()?;
//! let scores = classifier.rank("Invoice 2041 from Nordwind GmbH. Amount due 1,240.00 EUR by 15 March 2026.")?;
//! assert_eq!(scores[0].label.label(), "invoice");
//! # Ok::<(), classifier::Error>(())
//! ```

mod error;
pub mod evaluation;
pub mod keywords;
mod model;
pub mod words;

pub use corpus::Kind;
pub use error::Error;

use model::Model;
use words::Bag;

/// The most keywords that a [`Score`] names.
pub const MAX_KEYWORDS: usize = 3;

/// One document type and how well a text fits it.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The document type.
    pub label: Kind,
    /// How sure the model is, from 0 to 1. The five probabilities of one text sum to 1 within 1e-5.
    pub probability: f32,
    /// At most [`MAX_KEYWORDS`] words of the text, in lower case, whose presence raised this probability most: the
    /// model is asked what it would say without each word, and the words it would miss most come first (words that
    /// it would miss equally, in alphabetical order). A word that raised the label's
    /// odds by less than [`keywords::LEAST_ODDS_RATIO`] is not named, so the list may be empty.
    pub keywords: Vec<String>,
}

/// The loaded model. It holds no state that a call changes: share one among threads, without a lock.
#[derive(Debug)]
pub struct Classifier {
    model: Model,
}

impl Classifier {
    /// Reads and optimises the embedded model; takes some 10 ms, so do it once.
    pub fn load() -> Result<Classifier, Error> {
        Ok(Classifier {
            model: Model::read(model_bytes())?,
        })
    }

    /// The model's version as its metadata states it, such as `2026.1`.
    pub fn version(&self) -> &str {
        self.model.version()
    }

    /// Scores `text` for all five document types, the likeliest first (equal ones in the order of [`Kind::ALL`]).
    ///
    /// Any text is accepted, in any script and of any length; the work grows with the number of words, and it is
    /// work for a processor: do not call this on a thread that serves a network. Fails with [`Error::EmptyText`]
    /// when the text holds no word.
    pub fn rank(&self, text: &str) -> Result<Vec<Score>, Error> {
        let bag = Bag::of(text);
        if bag.entries().is_empty() {
            return Err(Error::EmptyText);
        }
        let answer = self.model.run(&bag)?;
        let mut scores: Vec<Score> = self
            .model
            .labels()
            .iter()
            .enumerate()
            .map(|(column, &label)| Score {
                label,
                probability: answer.probabilities[column],
                keywords: keywords::choose(&bag, &answer, column),
            })
            .collect();
        scores.sort_by(|a, b| {
            b.probability
                .total_cmp(&a.probability)
                .then(a.label.cmp(&b.label))
        });
        Ok(scores)
    }
}

/// The embedded ONNX file, a protobuf message of type `onnx.ModelProto`.
pub fn model_bytes() -> &'static [u8] {
    include_bytes!("../model/classifier.onnx")
}
