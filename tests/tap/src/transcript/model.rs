//! What a transcript says, as data.

use std::time::Duration;

use crate::code::Code;
use crate::reset_code::ResetCode;

/// A run in its canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Top to bottom. The version is not among them.
    pub lines: Vec<Line>,
}

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Nesting, from 0. At most one more than that of the line above.
    pub depth: usize,
    /// Whether the line is compared. A line that is only shown has `~` in its gutter.
    pub compared: bool,
    /// What it says.
    pub content: Content,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// A call begins. Its arrows follow, one level deeper. It stands at depth 0, or in the call that caused it.
    Call {
        /// Counted over the whole transcript, from 1.
        number: u32,
        /// Who calls, for example `client`.
        from: String,
        /// Who is called, for example `edge`.
        to: String,
        /// `/package.Service/Method`.
        path: String,
    },
    /// Something went from one side of a call to the other. It stands directly in its call.
    Arrow {
        /// Which way.
        direction: Direction,
        /// What it was.
        what: What,
    },
    /// A message went from one program to the other in a lesson without a network. At depth 0.
    Exchange {
        /// Who sent it, for example `program`.
        from: String,
        /// Who got it, for example `peer`.
        to: String,
        /// The message.
        what: Exchanged,
    },
    /// A field of a message that is shown byte by byte. It stands in the [`Content::Exchange`], or in the field that
    /// holds it.
    Dump {
        /// Its bytes, without the content of a length-delimited value.
        bytes: Vec<u8>,
        /// How many columns the bytes take in hexadecimal, padded to those of their neighbours. At least as many as they
        /// need: two for each byte, and one between two bytes.
        width: usize,
        /// What the bytes say.
        meaning: String,
    },
    /// What the lines below it, one level deeper, are about: `connections`. At depth 0.
    Heading(String),
    /// More about the line above it. Never at depth 0.
    Detail(String),
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// `->`: from the caller.
    Request,
    /// `<-`: to the caller.
    Response,
}

/// What went from one side of a call to the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// One pair of metadata, of the headers or of the trailers.
    Metadata {
        /// The key, in lower case.
        key: String,
        /// The value, or what is shown in its place.
        value: String,
    },
    /// The caller's deadline.
    Timeout(Timeout),
    /// A message, by its fields.
    Message {
        /// The name of its type, without the package.
        name: String,
        /// Its fields where they fit on the line, as they stand between the braces: empty for a message without fields.
        /// `None` where each field has a line of its own, a [`Content::Detail`] below.
        fields: Option<String>,
    },
    /// A message of which only the length is shown.
    Bytes(RawBytes),
    /// The caller has sent its last message.
    HalfClose,
    /// The call ended with this status.
    Status(Code),
    /// One side gave the call up.
    Cancel,
    /// One side reset the call for another reason.
    Reset(ResetCode),
    /// The connection died under the call.
    Lost,
    /// What one side sent is not gRPC, and why.
    Malformed(String),
    /// The call had not ended when the run was over.
    Pending,
}

/// What a deadline is, or how it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeout {
    /// This very duration.
    Exact(Duration),
    /// What is left of the deadline of the call that caused this one, or up to a half less.
    WithinLeft,
    /// More than is left of it.
    MoreThanLeft,
    /// Less than half of what is left of it.
    LessThanHalf,
}

/// A message of which only the length is shown, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RawBytes {
    /// Its type is not known.
    Untyped {
        /// How many bytes.
        length: usize,
    },
    /// It is compressed.
    Compressed {
        /// How many bytes, as they crossed the wire.
        length: usize,
    },
    /// It cannot be decoded as a message of its type.
    NotA {
        /// The name of the type, without the package.
        name: String,
        /// How many bytes.
        length: usize,
    },
}

/// A message in the form that both calls and lessons without a network have for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payload {
    /// By its fields: see [`What::Message`].
    Message {
        /// The name of its type, without the package.
        name: String,
        /// Its fields where they fit on the line.
        fields: Option<String>,
    },
    /// By its length.
    Bytes(RawBytes),
}

impl From<Payload> for What {
    fn from(payload: Payload) -> Self {
        match payload {
            Payload::Message { name, fields } => Self::Message { name, fields },
            Payload::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// A message of a lesson without a network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exchanged {
    /// By its fields, or by its length.
    Payload(Payload),
    /// Byte by byte: its fields follow as [`Content::Dump`].
    Dump {
        /// The name of its type, without the package.
        name: String,
        /// How many bytes it has.
        length: usize,
    },
}
