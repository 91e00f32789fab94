//! What goes wrong with a call, made by the tap.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::code::Code;
use crate::event::Metadata;
use crate::reset_code::ResetCode;

/// Something that goes wrong with a call, made by the tap. The record shows it as the server's doing, which is what the
/// client sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// When.
    pub after: After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// RST_STREAM with this code.
    Reset(ResetCode),
    /// The call ends with this status.
    Status {
        /// `grpc-status`.
        code: Code,
        /// `grpc-message`, not yet encoded.
        message: String,
        /// `grpc-status-details-bin`, not yet encoded: a serialised `google.rpc.Status`. Not sent if empty.
        details: Bytes,
        /// Trailing metadata: lower-case key and visible ASCII value, already base64 for a key in `-bin`. A pair that
        /// is not an HTTP header is left out.
        metadata: Metadata,
    },
    /// The call ends with this message, without its 5-byte prefix, and the status OK.
    Answer(Bytes),
    /// The same, with a message that is written after the call has begun.
    Draft(Draft),
    /// The client's connection is closed, and with it every call on it.
    Disconnect,
}

/// An answer that depends on the request, which is not there yet when a call is planned. Clones share one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft(Arc<OnceLock<Bytes>>);

impl Draft {
    /// Writes the message, without its 5-byte prefix. What was written first stays.
    pub fn write(&self, message: impl Into<Bytes>) {
        let _ = self.0.set(message.into());
    }

    /// What was written. A message without a field if nothing was.
    pub(crate) fn message(&self) -> Bytes {
        self.0.get().cloned().unwrap_or_default()
    }
}

/// When a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// As soon as the headers of the request are there. The call does not reach the server.
    Headers,
    /// When the client has half-closed. The call does not reach the server. A client that waits for an answer before
    /// it half-closes waits forever.
    #[default]
    HalfClose,
    /// The server does its work, and the client gets this many of its messages. 0: not even the headers, when the
    /// answer begins. If the server ends the call before that many, nothing goes wrong.
    Answers(u32),
}

impl Fault {
    /// RST_STREAM, after the half-close.
    pub fn reset(code: ResetCode) -> Self {
        Self::of(FaultKind::Reset(code))
    }

    /// A status without details and metadata, after the half-close.
    pub fn status(code: Code, message: impl Into<String>) -> Self {
        Self::of(FaultKind::Status {
            code,
            message: message.into(),
            details: Bytes::new(),
            metadata: Metadata::new(),
        })
    }

    /// A message that the tap makes, and OK, after the half-close.
    pub fn answer(message: impl Into<Bytes>) -> Self {
        Self::of(FaultKind::Answer(message.into()))
    }

    /// In place of the server's answer, what is written in the draft by then. A draft needs time to be written in:
    /// [`CallPlan::hold_answer`] gives it.
    pub fn draft(draft: &Draft) -> Self {
        Self::of(FaultKind::Draft(draft.clone())).after(After::Answers(0))
    }

    /// The connection is closed, after the half-close.
    pub fn disconnect() -> Self {
        Self::of(FaultKind::Disconnect)
    }

    /// The same at another time.
    pub fn after(mut self, after: After) -> Self {
        self.after = after;
        self
    }

    /// Of this kind, after the half-close.
    pub fn of(kind: FaultKind) -> Self {
        Self {
            kind,
            after: After::default(),
        }
    }
}
