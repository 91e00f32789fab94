//! A failure: one type for all that a call can fail with, and the [`Status`] that it becomes.
//!
//! A status has a code for programs that know nothing of us, a sentence for a person, and in the details of
//! `google.rpc.Status` what a program that knows us can act on:
//!
//! - `ErrorInfo` always: a [`Reason`] that clients may match on, and values that belong to it;
//! - `BadRequest` when the request is at fault: every violation, each with its field;
//! - `QuotaFailure` and `RetryInfo` when the server has too much to do: which limit was reached, and when to come back.
//!
//! `RequestInfo` is added by a layer, to the errors of tonic itself too; those get an `ErrorInfo` there as well. What
//! went wrong *inside* never appears here: it goes to the log, under the same request id.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::{DOMAIN, Reason};

/// Most violations that the message repeats. The details hold more.
///
/// A status travels in a header or a trailer, and peers limit those to about 8 KB for all of them together: past that
/// the call breaks with a protocol error, and nobody learns anything.
const MAX_MESSAGE_VIOLATIONS: usize = 5;
/// Most violations that the details hold.
const MAX_DETAILS_VIOLATIONS: usize = 20;

/// One rule that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's path as in the `.proto` file, for example `documents[2].text`.
    pub field: String,
    /// What is wrong and what would be right.
    pub description: String,
}

impl Violation {
    /// A violation of a rule about `field`.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            description: description.into(),
        }
    }
}

/// What a call failed with.
#[derive(Clone, Debug)]
pub struct Failure {
    code: Code,
    reason: Reason,
    message: String,
    metadata: HashMap<String, String>,
    /// Boxed, because it is large, and a `Result` is as large as the larger of its two sides.
    details: Box<ErrorDetails>,
}

impl Failure {
    /// A failure with no more than its reason. Strangers read the message: it says what happened and what to do about
    /// it, and nothing about the inside of the server.
    pub fn new(code: Code, reason: Reason, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            metadata: HashMap::new(),
            details: Box::new(ErrorDetails::new()),
        }
    }

    /// INVALID_ARGUMENT: the request breaks these rules, whatever the server's state.
    pub fn invalid(violations: &[Violation]) -> Self {
        let shown: Vec<_> = violations
            .iter()
            .take(MAX_MESSAGE_VIOLATIONS)
            .map(|violation| violation.description.as_str())
            .collect();
        let mut message = shown.join("; ");
        if violations.len() > shown.len() {
            let more = violations.len() - shown.len();
            message.push_str(&format!("; and {more} more"));
        }
        let mut failure = Self::new(Code::InvalidArgument, Reason::InvalidRequest, message);
        let listed = violations.iter().take(MAX_DETAILS_VIOLATIONS);
        let listed: Vec<_> = listed
            .map(|violation| FieldViolation::new(&violation.field, &violation.description))
            .collect();
        failure.details.set_bad_request(listed);
        failure
    }

    /// Adds a value that a program may want, under a name in lowerCamelCase.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.metadata.insert(name.to_owned(), value.to_string());
        self
    }

    /// The reason under the name `reason`, and the values that belong to it: for where a map is all there is.
    pub(super) fn metadata(&self) -> HashMap<String, String> {
        let mut metadata = self.metadata.clone();
        metadata.insert("reason".to_owned(), self.reason.as_str().to_owned());
        metadata
    }

    /// Says which limit was reached.
    #[must_use]
    pub fn with_quota(mut self, subject: &str, description: impl Into<String>) -> Self {
        self.details
            .add_quota_failure_violation(subject, description);
        self
    }

    /// Says that the same call may succeed after `delay`.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        self.details.set_retry_info(Some(delay));
        self
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let mut details = failure.details;
        details.set_error_info(failure.reason.as_str(), DOMAIN, failure.metadata);
        Self::with_error_details(failure.code, failure.message, *details)
    }
}
