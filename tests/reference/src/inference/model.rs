//! What the server asks of a model: a version, and a ranking of one text.
//!
//! A trait stands here, and not the classifier alone, so that tests can put in a model that waits at a gate or fails.

use classifier::{Classifier, Error, Score};

/// Something that ranks texts. It may block its thread: only [`Inference`](crate::Inference) calls it.
pub trait Model: Send + Sync + 'static {
    /// The version that answers name, for example "2026.1".
    fn version(&self) -> &str;

    /// One score for each document type, highest probability first.
    fn rank(&self, text: &str) -> Result<Vec<Score>, Error>;
}

impl Model for Classifier {
    fn version(&self) -> &str {
        self.version()
    }

    fn rank(&self, text: &str) -> Result<Vec<Score>, Error> {
        self.rank(text)
    }
}
