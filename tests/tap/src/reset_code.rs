//! Error codes of HTTP/2: why a stream was reset.

use std::fmt;

/// The error code in an RST_STREAM frame: <https://www.rfc-editor.org/rfc/rfc9113#name-error-codes>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResetCode(u32);

/// In the order of their numbers, 0 to 13.
const NAMES: [&str; 14] = [
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
];

impl ResetCode {
    /// Nothing is wrong: a server that answered before it had read the whole request says so.
    pub const NO_ERROR: Self = Self(0);
    /// The sender of the reset is broken.
    pub const INTERNAL_ERROR: Self = Self(2);
    /// The server did not look at the call.
    pub const REFUSED_STREAM: Self = Self(7);
    /// The call is no longer wanted.
    pub const CANCEL: Self = Self(8);
    /// The peer does too much of something.
    pub const ENHANCE_YOUR_CALM: Self = Self(11);

    /// The number on the wire.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The name that HTTP/2 has for it, for example `REFUSED_STREAM`. `None` for a number that it does not define.
    pub fn name(self) -> Option<&'static str> {
        NAMES.get(usize::try_from(self.0).ok()?).copied()
    }
}

impl From<u32> for ResetCode {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl fmt::Display for ResetCode {
    /// The name, or the number where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => self.0.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_have_their_names() {
        for (code, name) in [
            (ResetCode::NO_ERROR, "NO_ERROR"),
            (ResetCode::INTERNAL_ERROR, "INTERNAL_ERROR"),
            (ResetCode::REFUSED_STREAM, "REFUSED_STREAM"),
            (ResetCode::CANCEL, "CANCEL"),
            (ResetCode::ENHANCE_YOUR_CALM, "ENHANCE_YOUR_CALM"),
            (ResetCode::from(14), "14"),
        ] {
            assert_eq!(code.to_string(), name);
        }
    }

    #[test]
    fn constants_are_the_numbers_of_http2() {
        for (code, reason) in [
            (ResetCode::NO_ERROR, h2::Reason::NO_ERROR),
            (ResetCode::INTERNAL_ERROR, h2::Reason::INTERNAL_ERROR),
            (ResetCode::REFUSED_STREAM, h2::Reason::REFUSED_STREAM),
            (ResetCode::CANCEL, h2::Reason::CANCEL),
            (ResetCode::ENHANCE_YOUR_CALM, h2::Reason::ENHANCE_YOUR_CALM),
        ] {
            assert_eq!(code.number(), u32::from(reason));
        }
    }
}
