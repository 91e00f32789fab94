//! Status codes: how a gRPC call ended.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A status code of gRPC, as it stands in `grpc-status`.
///
/// Any number may cross the wire. The 17 that gRPC defines have a name and a constant here; the others are printed as
/// `CODE_n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(i32);

/// In the order of their numbers, 0 to 16: <https://grpc.io/docs/guides/status-codes/>.
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// What stands before the number of a code without a name.
const UNNAMED: &str = "CODE_";

impl Code {
    /// The call succeeded.
    pub const OK: Self = Self(0);
    /// The caller gave the call up.
    pub const CANCELLED: Self = Self(1);
    /// An error of which nothing better is known.
    pub const UNKNOWN: Self = Self(2);
    /// The request is wrong, whatever the state of the server.
    pub const INVALID_ARGUMENT: Self = Self(3);
    /// The deadline passed first.
    pub const DEADLINE_EXCEEDED: Self = Self(4);
    /// What was asked for does not exist.
    pub const NOT_FOUND: Self = Self(5);
    /// What was to be made exists.
    pub const ALREADY_EXISTS: Self = Self(6);
    /// The caller is known and may not do this.
    pub const PERMISSION_DENIED: Self = Self(7);
    /// A quota, or space, is used up.
    pub const RESOURCE_EXHAUSTED: Self = Self(8);
    /// The system is not in the state that the call needs.
    pub const FAILED_PRECONDITION: Self = Self(9);
    /// The call lost against another one, and may be made again.
    pub const ABORTED: Self = Self(10);
    /// The request goes past the end of something.
    pub const OUT_OF_RANGE: Self = Self(11);
    /// The server does not have this method.
    pub const UNIMPLEMENTED: Self = Self(12);
    /// Something in the server is broken.
    pub const INTERNAL: Self = Self(13);
    /// The server cannot be reached or does not take calls at the moment.
    pub const UNAVAILABLE: Self = Self(14);
    /// Data is lost for good.
    pub const DATA_LOSS: Self = Self(15);
    /// The caller is not known.
    pub const UNAUTHENTICATED: Self = Self(16);

    /// The number on the wire.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The name that gRPC has for it, for example `NOT_FOUND`. `None` for a number that gRPC does not define.
    pub fn name(self) -> Option<&'static str> {
        NAMES.get(usize::try_from(self.0).ok()?).copied()
    }
}

impl From<i32> for Code {
    fn from(number: i32) -> Self {
        Self(number)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => f.pad(&format!("{UNNAMED}{}", self.0)),
        }
    }
}

/// A text that is not a [`Code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeError(String);

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a status code: want a name such as NOT_FOUND, or {UNNAMED}n for a number without a name",
            self.0
        )
    }
}

impl Error for CodeError {}

impl FromStr for Code {
    type Err = CodeError;

    /// Reads what [`Display`](fmt::Display) prints, and nothing else: `CODE_5` is not a code, since 5 has a name.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let named = (0..).zip(NAMES).find(|(_, name)| *name == text);
        let code = match (named, text.strip_prefix(UNNAMED)) {
            (Some((number, _)), _) => Some(Self(number)),
            (None, Some(digits)) => digits.parse().ok().map(Self),
            (None, None) => None,
        };
        code.filter(|code| code.to_string() == text)
            .ok_or_else(|| CodeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_back_from_their_text() {
        for number in [-1, 0, 1, 5, 16, 17, i32::MIN, i32::MAX] {
            let code = Code::from(number);
            assert_eq!(code.to_string().parse(), Ok(code));
        }
        assert_eq!(Code::NOT_FOUND.to_string(), "NOT_FOUND");
        assert_eq!(Code::from(17).to_string(), "CODE_17");
    }

    #[test]
    fn constants_have_their_names() {
        assert_eq!(Code::UNAUTHENTICATED.name(), Some("UNAUTHENTICATED"));
        assert_eq!(Code::RESOURCE_EXHAUSTED.name(), Some("RESOURCE_EXHAUSTED"));
        assert_eq!(Code::from(17).name(), None);
        assert_eq!(Code::from(-1).name(), None);
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "", "Ok", "CODE_", "CODE_5", "CODE_+17", "CODE_017", "CODE_x",
        ] {
            let error = text.parse::<Code>().unwrap_err();
            assert!(error.to_string().contains("not a status code"), "{error}");
        }
    }
}
