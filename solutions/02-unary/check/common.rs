//! What several checks of this lesson share.

use std::time::Duration;

pub(crate) use stage::faults::{whole_status, whole_status_saying};
pub(crate) use stage::hop::HEALTH_CHECKS;

pub(crate) mod calls;
pub(crate) mod health;

/// The method that clients call.
pub(crate) const CLASSIFY_METHOD: &str = "/classification.v1.DocumentClassifier/Classify";

/// The metadata key that ties a call to the lines that are logged about it.
pub(crate) const CORRELATION_ID: &str = "x-correlation-id";

/// A deadline so long that no machine, however busy, lets it pass.
pub(crate) const FAR_DEADLINE: Duration = Duration::from_secs(30);
