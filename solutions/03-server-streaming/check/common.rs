//! What several checks of this lesson share.

/// The method of the edge and of the reference server.
pub(crate) const BATCH_METHOD: &str = "/classification.v1.DocumentClassifier/ClassifyBatch";

/// The method of the host.
pub(crate) const RANK_METHOD: &str = "/model.v1.ModelHost/Rank";

pub(crate) mod batches;
pub(crate) mod callers;
pub(crate) mod clients;
pub(crate) mod in_order;
pub(crate) mod played;
pub(crate) mod replies;
pub(crate) mod statuses;
