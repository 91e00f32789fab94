//! How much a program may use and say before its run is ended.
//!
//! Each is many times what any exercise needs, and little enough that a check of a program that goes on for ever ends
//! within seconds, in a checker that stays small.

use std::time::Duration;

use tap::{Event, EventKind, Metadata};

use crate::end::Excess;

/// How long a run may take, whatever happens in it: a program that makes calls for ever is never idle. Generous, since
/// a machine under load is slow.
pub(crate) const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// How many events a run may have, how many messages the program may send on the control channel, and how many lines
/// the transcript may have. Few enough to be compared in no time.
pub(crate) const MAX_EVENTS: usize = 5_000;

/// How many bytes a program may send on the control channel in one run. One message of it is bounded by
/// [`kit::protocol::MAX_FROM_PROGRAM_BYTES`].
pub(crate) const MAX_REPORTED_BYTES: usize = 8 << 20;

/// How many bytes of messages and metadata the wires of one run may carry.
pub(crate) const MAX_WIRE_BYTES: usize = 32 << 20;

/// How much memory of its own, in bytes, a program may have in use. A lesson program in its debug build uses about 20 MiB.
pub(crate) const MAX_MEMORY_BYTES: u64 = 256 << 20;

/// How much memory, in bytes, a program may ask the system for. Much of that is never used: each thread reserves 2 MiB
/// for its stack. A request beyond it fails at once; [`MAX_MEMORY_BYTES`] ends a program that grows step by step.
#[cfg(target_os = "linux")]
pub(crate) const MAX_RESERVED_BYTES: u64 = 2 << 30;

/// What has crossed the wires of a run so far.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    events: usize,
    bytes: usize,
}

impl Traffic {
    /// Counts the events that have come since the last call. `events` are all of them. Returns the limit that was
    /// passed first, once one is.
    pub(crate) fn excess(&mut self, events: &[Event]) -> Option<Excess> {
        for event in events.get(self.events..)? {
            self.events += 1;
            self.bytes += size(&event.kind);
            if self.bytes > MAX_WIRE_BYTES {
                return Some(Excess::Traffic);
            }
            if self.events > MAX_EVENTS {
                return Some(Excess::Events);
            }
        }
        None
    }
}

/// How many bytes an event keeps in memory, without what every event does.
fn size(kind: &EventKind) -> usize {
    let pairs = |metadata: &Metadata| -> usize {
        let pairs = metadata.iter();
        pairs.map(|(key, value)| key.len() + value.len()).sum()
    };
    match kind {
        EventKind::Request { path, metadata, .. } => path.len() + pairs(metadata),
        EventKind::Message { bytes, .. } => bytes.len(),
        EventKind::Response { metadata } => pairs(metadata),
        EventKind::Status {
            message,
            details,
            metadata,
            ..
        } => message.len() + details.len() + pairs(metadata),
        EventKind::Malformed { reason, .. } => reason.len(),
        EventKind::Connected
        | EventKind::Disconnected
        | EventKind::HalfClose
        | EventKind::Cancelled { .. }
        | EventKind::Broken { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use prost::bytes::Bytes;
    use tap::{Hop, Side};

    use super::*;

    fn events(count: usize, bytes: usize) -> Vec<Event> {
        let bytes = Bytes::from(vec![0; bytes]);
        let event = |seq| Event {
            seq,
            hop: Hop::new("a", "b"),
            connection: 1,
            call: 1,
            kind: EventKind::Message {
                from: Side::Client,
                compressed: false,
                bytes: bytes.clone(),
            },
        };
        (0..count as u64).map(event).collect()
    }

    #[test]
    fn last_event_that_is_allowed_and_first_that_is_not() {
        let all = events(MAX_EVENTS + 1, 0);
        let mut traffic = Traffic::default();
        assert_eq!(traffic.excess(&all[..MAX_EVENTS]), None);
        assert_eq!(traffic.excess(&all), Some(Excess::Events));
    }

    #[test]
    fn bytes_are_counted_over_many_looks() {
        let all = events(33, 1 << 20);
        let mut traffic = Traffic::default();
        for seen in 0..=32 {
            assert_eq!(traffic.excess(&all[..seen]), None, "{seen} MiB");
        }
        assert_eq!(traffic.excess(&all), Some(Excess::Traffic));
    }

    /// Whoever looks only at the end comes to the same as who looked all the while.
    #[test]
    fn the_limit_that_is_passed_first_is_named() {
        let mut all = events(MAX_EVENTS + 1, 0);
        all.extend(events(1, MAX_WIRE_BYTES + 1));
        assert_eq!(Traffic::default().excess(&all), Some(Excess::Events));
        all.rotate_right(1);
        assert_eq!(Traffic::default().excess(&all), Some(Excess::Traffic));
    }
}
