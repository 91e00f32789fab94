//! What several checks of this lesson share.

/// The method of the edge and of the reference server.
pub(crate) const STREAM_METHOD: &str = "/classification.v1.DocumentClassifier/ClassifyStream";

/// The method of the host.
pub(crate) const RANK_METHOD: &str = "/model.v1.ModelHost/Rank";
