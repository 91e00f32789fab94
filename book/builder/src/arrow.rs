//! What an arrow of a sequence diagram is: its kind, its name, and what more is said of it.

use tap::{Code, RawBytes, What};

/// What an arrow carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Headers or trailers. Several in a row are one arrow.
    Metadata,
    /// A protobuf message.
    Message,
    /// A message of which only the length is known.
    Bytes,
    /// A message that cannot be decoded as its type.
    Undecodable,
    /// The caller has sent its last message.
    HalfClose,
    /// The call ended with OK.
    Ok,
    /// The call ended with another status.
    Failed,
    /// One side gave the call up.
    Cancel,
    /// The call was reset for another reason, or its connection died.
    Cut,
    /// What is not gRPC.
    Malformed,
    /// The call had not ended.
    Pending,
}

impl Kind {
    /// The class that the theme knows it by, in the picture and in the text.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Message => "message",
            Self::Bytes => "bytes",
            Self::Undecodable => "undecodable",
            Self::HalfClose => "half-close",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Cancel => "cancel",
            Self::Cut => "cut",
            Self::Malformed => "malformed",
            Self::Pending => "pending",
        }
    }
}

/// What an arrow carries.
pub(crate) fn kind(what: &What) -> Kind {
    match what {
        What::Metadata { .. } | What::Timeout(_) => Kind::Metadata,
        What::Message { .. } => Kind::Message,
        What::Bytes(RawBytes::Untyped { .. } | RawBytes::Compressed { .. }) => Kind::Bytes,
        What::Bytes(RawBytes::NotA { .. }) => Kind::Undecodable,
        What::HalfClose => Kind::HalfClose,
        What::Status(Code::OK) => Kind::Ok,
        What::Status(_) => Kind::Failed,
        What::Cancel => Kind::Cancel,
        What::Reset(_) | What::Lost => Kind::Cut,
        What::Malformed(_) => Kind::Malformed,
        What::Pending => Kind::Pending,
    }
}

/// What an arrow is called, and what more is said of it or nothing.
pub(crate) fn label_and_detail(what: &What) -> (String, String) {
    let named = |label: &str, detail: &str| (label.to_owned(), detail.to_owned());
    match what {
        What::Metadata { key, value } => named(&format!("{key}: {value}"), ""),
        What::Timeout(timeout) => named(&format!("grpc-timeout: {timeout}"), ""),
        What::Message { name, fields } => named(name, fields.as_deref().unwrap_or_default()),
        What::Bytes(RawBytes::NotA { name, length }) => {
            let bytes = RawBytes::Untyped { length: *length };
            (bytes.to_string(), format!("not decodable as {name}"))
        }
        What::Malformed(reason) => named("malformed", reason),
        What::Reset(code) => named(&what.to_string(), code.name().unwrap_or_default()),
        What::Bytes(RawBytes::Untyped { .. } | RawBytes::Compressed { .. })
        | What::HalfClose
        | What::Status(_)
        | What::Cancel
        | What::Lost
        | What::Pending => named(&what.to_string(), ""),
    }
}
