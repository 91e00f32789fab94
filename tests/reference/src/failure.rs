//! What a call failed with, and how that is written on the wire.
//!
//! Services return a [`Failure`]. Only here does it become a [`Status`], so every error of this server has the same
//! shape: a code for programs that know nothing of us, a sentence for a person, and in the details of
//! `google.rpc.Status` what a program that knows us can act on:
//!
//! - `ErrorInfo` always: a [`Reason`] that clients may match on, and values that belong to it;
//! - `BadRequest` when the request is at fault: every violation, each with its field;
//! - `QuotaFailure` and `RetryInfo` when the server has too much to do: which limit was reached, and when to come back.
//!
//! `RequestInfo` is added by a layer, to the errors of tonic itself too; those get an `ErrorInfo` there as well. What went wrong *inside* is never told here:
//! it goes to the log, under the same request id.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

/// Whose reasons these are: `ErrorInfo.domain`. A reason is unique only within its domain.
pub const DOMAIN: &str = "wirebook.example";

/// Most violations that the message repeats. The details hold more.
///
/// A status travels in a header or a trailer, and peers limit those to about 8 KB for all of them together: past that
/// the call breaks with a protocol error, and nobody learns anything.
const MAX_IN_MESSAGE: usize = 5;
/// Most violations that the details hold.
const MAX_IN_DETAILS: usize = 20;

/// Why a call failed, for programs. The names are part of the contract, like those of messages and fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Fields of the request break the rules. `BadRequest` says which.
    InvalidRequest,
    /// `grpc-timeout` cannot be read.
    MalformedTimeout,
    /// The model that was asked for is not the one served. Metadata: `servedVersion`.
    ModelNotServed,
    /// As many texts run and wait as may. Metadata: `maxRunning`, `maxWaiting`.
    ServerBusy,
    /// The model failed on this text.
    ModelFailed,
    /// The document could not be stored.
    StoreFailed,
    /// The server is about to stop and takes no more work.
    ServerStopping,
    /// A bug: a handler panicked.
    HandlerPanicked,
    /// The call's time was up. Metadata: `timeoutMs`.
    DeadlineExceeded,
    /// The call came without a token.
    TokenMissing,
    /// The call came with a token that is not accepted. On purpose it is not told why.
    TokenNotAccepted,
}

impl Reason {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::MalformedTimeout => "MALFORMED_TIMEOUT",
            Self::ModelNotServed => "MODEL_NOT_SERVED",
            Self::ServerBusy => "SERVER_BUSY",
            Self::ModelFailed => "MODEL_FAILED",
            Self::StoreFailed => "STORE_FAILED",
            Self::ServerStopping => "SERVER_STOPPING",
            Self::HandlerPanicked => "HANDLER_PANICKED",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::TokenMissing => "TOKEN_MISSING",
            Self::TokenNotAccepted => "TOKEN_NOT_ACCEPTED",
        }
    }
}

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
    /// A failure with nothing to tell beyond its reason. The message is read by strangers: what happened and what to
    /// do about it, and nothing of the server's inside.
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
        let said: Vec<_> = violations
            .iter()
            .take(MAX_IN_MESSAGE)
            .map(|violation| violation.description.as_str())
            .collect();
        let mut message = said.join("; ");
        if violations.len() > said.len() {
            let more = violations.len() - said.len();
            message.push_str(&format!("; and {more} more"));
        }
        let mut failure = Self::new(Code::InvalidArgument, Reason::InvalidRequest, message);
        let listed = violations.iter().take(MAX_IN_DETAILS);
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
    pub(crate) fn metadata(&self) -> HashMap<String, String> {
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
