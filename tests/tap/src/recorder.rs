//! The record of one run: events in the one order in which all of its taps saw them.

use std::time::Instant;

use tokio::sync::watch;

use crate::event::{Event, EventKind, Side};
use crate::hop::Hop;

/// What the taps of one run saw so far. Clones share the same record.
///
/// An event is recorded *before* what it reports is passed on. So whatever a program does because of it comes later
/// in the record, on whichever tap.
#[derive(Clone, Debug)]
pub struct Recorder {
    began: Instant,
    events: watch::Sender<Vec<Event>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// An empty record.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            events: watch::Sender::default(),
        }
    }

    /// The events so far. Cheap: message bytes are shared, not copied.
    pub fn snapshot(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }

    /// How many events there are so far.
    pub fn len(&self) -> usize {
        self.events.borrow().len()
    }

    /// Whether nothing has crossed the wire yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until `predicate` holds of the events so far and returns those. It is asked at once and after each event.
    ///
    /// It does not give up: whoever waits sets the limit.
    pub async fn until(&self, mut predicate: impl FnMut(&[Event]) -> bool) -> Vec<Event> {
        let mut events = self.events.subscribe();
        let seen = events.wait_for(|events| predicate(events)).await;
        seen.expect("self holds a sender, so the channel is open")
            .clone()
    }

    /// Appends an event.
    pub(crate) fn record(&self, hop: Hop, connection: u32, call: u32, kind: EventKind) {
        self.record_and(hop, connection, call, kind, || {});
    }

    /// Appends an event and forwards what it reports, in one step: nobody sees the one without the other. `forward` must
    /// not wait, and must not record.
    fn record_and(
        &self,
        hop: Hop,
        connection: u32,
        call: u32,
        kind: EventKind,
        forward: impl FnOnce(),
    ) {
        self.events.send_modify(|events| {
            events.push(Event {
                seq: events.len() as u64,
                // Within the lock, so that the times are in the order of the events.
                at: self.began.elapsed(),
                hop,
                connection,
                call,
                kind,
            });
            forward();
        });
    }
}

/// Where the events of one call go.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) recorder: Recorder,
    pub(crate) hop: Hop,
    pub(crate) connection: u32,
    pub(crate) call: u32,
}

impl Log {
    pub(crate) fn record(&self, kind: EventKind) {
        self.record_and(kind, || {});
    }

    /// Records what is wrong with what one side sent, and returns whether it is valid.
    pub(crate) fn record_malformed(&self, from: Side, checked: Result<(), String>) -> bool {
        match checked {
            Ok(()) => true,
            Err(reason) => {
                self.record(EventKind::Malformed { from, reason });
                false
            }
        }
    }

    /// Records and forwards in one step: what someone does because of the event comes to the peer behind it.
    pub(crate) fn record_and(&self, kind: EventKind, forward: impl FnOnce()) {
        self.recorder
            .record_and(self.hop, self.connection, self.call, kind, forward);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio_test::{assert_pending, assert_ready, task};

    use super::*;

    #[test]
    fn a_predicate_is_asked_at_once_and_after_each_event() {
        let recorder = Recorder::new();
        assert_ready!(task::spawn(recorder.until(|_| true)).poll());
        let mut two = task::spawn(recorder.until(|events| events.len() == 2));
        assert_pending!(two.poll());
        assert!(recorder.is_empty());
        let hop = Hop::new("a", "b");
        recorder.record(hop, 1, 0, EventKind::Connected);
        assert!(two.is_woken());
        assert_pending!(two.poll());
        recorder.record(hop, 2, 0, EventKind::Connected);
        assert_eq!(recorder.len(), 2);
        let events = assert_ready!(two.poll());
        let order: Vec<_> = events
            .iter()
            .map(|event| (event.seq, event.connection))
            .collect();
        assert_eq!(order, [(0, 1), (1, 2)]);
        assert!(events[0].at > Duration::ZERO && events[0].at <= events[1].at);
        assert!(events[1].at <= recorder.began.elapsed());
    }
}
