//! What the server asks of a model: a version, and a ranking of one text.
//!
//! A trait stands here, and not the classifier itself, so that tests can put in a model that waits at a gate or fails.

use proto::classification::v1::DocumentType;

/// Any reason why a model could not rank a text. It is for the log: callers are not told.
pub type ModelError = Box<dyn std::error::Error + Send + Sync>;

/// Something that ranks texts. It may block its thread: only [`Inference`](crate::Inference) calls it.
pub trait Model: Send + Sync + 'static {
    /// The version that answers name, for example "2026.1".
    fn version(&self) -> &str;

    /// One score for each document type, highest probability first.
    fn rank(&self, text: &str) -> Result<Vec<Score>, ModelError>;
}

/// How likely a text is of one type.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The type.
    pub document_type: DocumentType,
    /// 0.0 to 1.0; those of all types sum to 1.
    pub probability: f32,
    /// The words that raised this type's score most, strongest first, at most 3. Lower case.
    pub keywords: Vec<String>,
}
