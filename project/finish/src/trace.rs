//! A trace: the calls, at however many servers, that one action of a user has
//! caused. All of them carry its id, in a header that all tracing systems know:
//! <https://www.w3.org/TR/trace-context/>.

use std::fmt;

use http::HeaderMap;

/// The header's name.
pub const HEADER: &str = "traceparent";

/// The id of a trace: 128 bits, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(u128);

impl TraceId {
    /// A new trace.
    pub fn begin() -> Self {
        Self(fastrand::u128(1..))
    }

    /// The trace that a call belongs to, if it says so.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(HEADER)?.to_str().ok()?;
        let mut parts = value.split('-');
        let (_version, id) = (parts.next()?, parts.next()?);
        let digits = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = u128::from_str_radix(id, 16).ok()?;
        (digits && id != 0).then_some(Self(id))
    }

    /// The header's value: version, trace, the calling span, and a flag for
    /// "not recorded".
    pub fn header(self) -> String {
        format!("00-{self}-{:016x}-00", fastrand::u64(1..))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<TraceId> {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, value.parse().expect("a header's value"));
        TraceId::of(&headers)
    }

    #[test]
    fn what_is_written_can_be_read() {
        let trace = TraceId::begin();
        assert_eq!(read(&trace.header()), Some(trace));
    }

    #[test]
    fn what_is_no_trace_is_not_taken_for_one() {
        for value in [
            "",
            "00",
            "00-4bf9-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(read(value), None, "{value:?}");
        }
    }
}
