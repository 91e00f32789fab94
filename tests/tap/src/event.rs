//! What the proxy saw, as data.

use std::time::Duration;

use bytes::Bytes;

use crate::code::Code;
use crate::hop::Hop;
use crate::reset_code::ResetCode;

/// One thing that crossed the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Position in the order in which all taps of one run saw their events.
    pub seq: u64,
    /// When, since the record of the run began. It never goes back from one event to the next.
    pub at: Duration,
    /// Which tap saw it.
    pub hop: Hop,
    /// The connection, counted from 1 in the order in which this tap accepted them.
    pub connection: u32,
    /// The call, counted from 1 in the order in which their headers came to this tap. 0 for events of a connection.
    pub call: u32,
    /// What happened.
    pub kind: EventKind,
}

/// One of the two programs at the ends of a tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that dials and calls.
    Client,
    /// The one that listens and answers.
    Server,
}

/// Headers or trailers, in the order of the wire: lower-case key, value. What HTTP/2 and gRPC itself need (pseudo
/// headers, content-type, content-length, te, user-agent, grpc-encoding, grpc-accept-encoding, grpc-timeout, grpc-status,
/// grpc-message, grpc-status-details-bin, date) is left out. A value that is not visible ASCII is escaped as Rust
/// escapes bytes.
pub type Metadata = Vec<(String, String)>;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// The client opened a connection.
    Connected,
    /// A connection ended, by either side.
    Disconnected,
    /// The client began a call.
    Request {
        /// `/package.Service/Method`.
        path: String,
        /// The caller's metadata.
        metadata: Metadata,
        /// The deadline that the client sent as `grpc-timeout`.
        timeout: Option<Duration>,
    },
    /// A whole message.
    Message {
        /// Who sent it.
        from: Side,
        /// Whether the compressed flag is set.
        compressed: bool,
        /// The message without its 5-byte prefix.
        bytes: Bytes,
    },
    /// The client has sent its last message.
    HalfClose,
    /// The server's headers came before its trailers. Not there for a call that is answered by its status alone.
    Response {
        /// The server's initial metadata.
        metadata: Metadata,
    },
    /// The server ended the call.
    Status {
        /// `grpc-status`.
        code: Code,
        /// `grpc-message`, decoded.
        message: String,
        /// `grpc-status-details-bin`, decoded: a serialised `google.rpc.Status`.
        details: Bytes,
        /// The server's trailing metadata.
        metadata: Metadata,
    },
    /// One side gave the call up: RST_STREAM, or a dropped request, while its connection lived on.
    Cancelled {
        /// Who gave up.
        by: Side,
        /// Why, as the sender of the reset has it.
        code: ResetCode,
    },
    /// The connection died under the call.
    Broken {
        /// Whose connection died.
        side: Side,
    },
    /// What one side sent is not gRPC.
    Malformed {
        /// Who sent it.
        from: Side,
        /// What is wrong with it.
        reason: String,
    },
}

impl EventKind {
    /// Whether it ends its call. Nothing of the call comes after it, but for what is not gRPC.
    pub fn ends_call(&self) -> bool {
        matches!(
            self,
            Self::Status { .. } | Self::Cancelled { .. } | Self::Broken { .. }
        )
    }

    /// Which of the two programs did it. A connection is the client's.
    pub fn by(&self) -> Side {
        match self {
            Self::Message { from: side, .. }
            | Self::Malformed { from: side, .. }
            | Self::Cancelled { by: side, .. }
            | Self::Broken { side } => *side,
            Self::Response { .. } | Self::Status { .. } => Side::Server,
            Self::Connected | Self::Disconnected | Self::Request { .. } | Self::HalfClose => {
                Side::Client
            }
        }
    }
}
