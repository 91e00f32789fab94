//! What can go wrong: a text without words, or a model that cannot be used.

use std::error::Error as StdError;
use std::fmt;

/// Why a model was not loaded or a text not scored.
#[derive(Debug)]
pub enum Error {
    /// The text is empty, or white space and punctuation only: there is nothing to score.
    EmptyText,
    /// The model file does not have the shape this crate expects: a fault of the build, not of the caller.
    Model {
        /// What was being done, as a fragment fit for "failed to ...".
        doing: &'static str,
        /// What tract says about it.
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::EmptyText => f.write_str("the text holds no word to classify"),
            Error::Model { doing, .. } => write!(f, "failed to {doing}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::EmptyText => None,
            Error::Model { source, .. } => Some(source.as_ref()),
        }
    }
}

impl Error {
    /// Wraps what tract reported while `doing` something with the model.
    pub(crate) fn model(
        doing: &'static str,
    ) -> impl FnOnce(tract_onnx::prelude::TractError) -> Error {
        move |source| Error::Model {
            doing,
            source: source.into(),
        }
    }
}
