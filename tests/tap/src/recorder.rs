//! The record of one run: events in the one order in which all of its taps saw them.

use tokio::sync::watch;

use crate::event::{Event, Kind};

/// What the taps of one run saw so far. Clones share the same record.
///
/// An event is recorded *before* what it tells of is passed on. So whatever a program does because of it comes later
/// in the record, on whichever tap.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    events: watch::Sender<Vec<Event>>,
}

impl Recorder {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// The events so far. Cheap: message bytes are shared, not copied.
    pub fn snapshot(&self) -> Vec<Event> {
        self.events.borrow().clone()
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
    pub(crate) fn record(&self, hop: &'static str, connection: u32, call: u32, kind: Kind) {
        self.record_and(hop, connection, call, kind, || {});
    }

    /// Appends an event and passes on what it tells of, in one: nobody sees the one without the other. What passes it on
    /// must not wait, and must not record.
    fn record_and(
        &self,
        hop: &'static str,
        connection: u32,
        call: u32,
        kind: Kind,
        pass_on: impl FnOnce(),
    ) {
        self.events.send_modify(|events| {
            events.push(Event {
                seq: events.len() as u64,
                hop,
                connection,
                call,
                kind,
            });
            pass_on();
        });
    }
}

/// Where the events of one call go.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) recorder: Recorder,
    pub(crate) hop: &'static str,
    pub(crate) connection: u32,
    pub(crate) call: u32,
}

impl Log {
    pub(crate) fn record(&self, kind: Kind) {
        self.record_and(kind, || {});
    }

    /// Records and passes on in one: what a stage does because of the event comes to the peer behind it.
    pub(crate) fn record_and(&self, kind: Kind, pass_on: impl FnOnce()) {
        self.recorder
            .record_and(self.hop, self.connection, self.call, kind, pass_on);
    }
}

#[cfg(test)]
mod tests {
    use tokio_test::{assert_pending, assert_ready, task};

    use super::*;

    #[test]
    fn who_waits_is_asked_at_once_and_after_each_event() {
        let recorder = Recorder::new();
        assert_ready!(task::spawn(recorder.until(|_| true)).poll());
        let mut two = task::spawn(recorder.until(|events| events.len() == 2));
        assert_pending!(two.poll());
        recorder.record("a > b", 1, 0, Kind::Connected);
        assert!(two.is_woken());
        assert_pending!(two.poll());
        recorder.record("a > b", 2, 0, Kind::Connected);
        let events = assert_ready!(two.poll());
        let order: Vec<_> = events
            .iter()
            .map(|event| (event.seq, event.connection))
            .collect();
        assert_eq!(order, [(0, 1), (1, 2)]);
    }
}
