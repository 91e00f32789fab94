//! What a program did or used too much of.

use std::fmt;

use crate::limits::{
    MAX_EVENTS, MAX_MEMORY_BYTES, MAX_REPORTED_BYTES, MAX_WIRE_BYTES, RUN_TIMEOUT,
};

/// What a program did or used too much of. Its text is a clause about the program: `it used more than 256 MiB of memory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It went on for too long.
    Time,
    /// Too many events on its wires.
    Events,
    /// Too many bytes on its wires.
    Traffic,
    /// Too many messages on the control channel.
    Messages,
    /// One message on the control channel with too many bytes.
    Message,
    /// Too many bytes on the control channel.
    Reported,
    /// Too much memory.
    Memory,
}

impl fmt::Display for Excess {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: usize| bytes >> 20;
        match self {
            Self::Time => write!(out, "it had not finished after {} s", RUN_TIMEOUT.as_secs()),
            Self::Events => write!(
                out,
                "more than {MAX_EVENTS} messages and other events crossed its wires"
            ),
            Self::Traffic => write!(
                out,
                "more than {} MiB crossed its wires",
                mib(MAX_WIRE_BYTES)
            ),
            Self::Messages => write!(out, "it reported more than {MAX_EVENTS} values"),
            Self::Message => write!(
                out,
                "it reported a value of more than {} MiB",
                mib(kit::protocol::MAX_FROM_PROGRAM_BYTES as usize)
            ),
            Self::Reported => write!(out, "it reported more than {} MiB", mib(MAX_REPORTED_BYTES)),
            Self::Memory => write!(
                out,
                "it used more than {} MiB of memory",
                MAX_MEMORY_BYTES >> 20
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excess_says_its_limit_and_unit() {
        for (excess, text) in [
            (Excess::Time, "it had not finished after 60 s"),
            (Excess::Traffic, "more than 32 MiB crossed its wires"),
            (Excess::Messages, "it reported more than 5000 values"),
            (Excess::Message, "it reported a value of more than 1 MiB"),
            (Excess::Reported, "it reported more than 8 MiB"),
            (Excess::Memory, "it used more than 256 MiB of memory"),
        ] {
            assert_eq!(excess.to_string(), text);
        }
    }
}
