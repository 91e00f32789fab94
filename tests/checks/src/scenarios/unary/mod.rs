//! Lesson 2: one request, one response.

mod at_once;
mod blocking;
mod classify;
mod deadline;
mod edge;
mod failures;
mod health;

use std::time::Duration;

pub(crate) use at_once::{AT_ONCE, AtOnce};
pub(crate) use blocking::{BLOCKING, Blocking};
pub(crate) use classify::{CLASSIFY, Classify};
pub(crate) use deadline::{DEADLINE, Deadline};
pub(crate) use edge::{EDGE_CLASSIFY, EdgeClassify};
pub(crate) use failures::{FAILURES, Failures};
pub(crate) use health::{HEALTH, Health};

const CORRELATION_ID: &str = "x-correlation-id";

/// Long enough that no machine, however busy, lets it pass.
const FAR: Duration = Duration::from_secs(30);
