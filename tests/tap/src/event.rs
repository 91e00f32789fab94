//! What the proxy saw, as data.

use std::time::Duration;

use bytes::Bytes;

/// One thing that crossed the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Position in the order in which all taps of one run saw their events.
    pub seq: u64,
    /// Which tap saw it, for example `"client > edge"`.
    pub hop: &'static str,
    /// The connection, counted from 1 in the order in which this tap accepted them.
    pub connection: u32,
    /// The call, counted from 1 in the order in which their headers came to this tap. 0 for events of a connection.
    pub call: u32,
    /// What happened.
    pub kind: Kind,
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
pub enum Kind {
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
        /// `grpc-status`, 0 for OK.
        code: i32,
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
        /// The HTTP/2 error code, 8 for CANCEL.
        code: u32,
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
