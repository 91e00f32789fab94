//! How much has crossed the wires of a run, and whether that is too much.

use tap::{Event, EventKind, Metadata};

use crate::excess::Excess;
use crate::limits::{MAX_EVENTS, MAX_WIRE_BYTES};

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
    use std::time::Duration;

    use prost::bytes::Bytes;
    use tap::{Hop, Side};

    use super::*;

    fn events(count: usize, bytes: usize) -> Vec<Event> {
        let bytes = Bytes::from(vec![0; bytes]);
        let event = |seq| Event {
            seq,
            at: Duration::ZERO,
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
