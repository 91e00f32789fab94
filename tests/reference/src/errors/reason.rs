//! The reasons that errors give to programs.

/// Whose reasons these are: `ErrorInfo.domain`. A reason is unique only within its domain.
pub const DOMAIN: &str = "wirebook.example";

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
    /// The call came with a token that is not accepted. The caller does not learn why, on purpose.
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
