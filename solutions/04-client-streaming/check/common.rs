//! What several checks of this lesson share.

/// The method of the edge and of the reference server.
pub(crate) const UPLOAD_METHOD: &str = "/classification.v1.DocumentClassifier/UploadDocument";
