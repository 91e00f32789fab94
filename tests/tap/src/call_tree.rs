//! Events put together to calls, and calls to the calls that caused them.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use bytes::Bytes;

use crate::code::Code;
use crate::event::{Event, EventKind, Metadata, Side};
use crate::hop::Hop;

/// One call and what happened in it.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Which tap saw it.
    pub hop: Hop,
    /// `/package.Service/Method`.
    pub path: &'a str,
    /// The caller's metadata.
    pub metadata: &'a Metadata,
    /// The position of its request headers in the record.
    pub seq: u64,
    /// When its request headers came to the tap, since the record of the run began.
    pub at: Duration,
    /// The deadline that the caller sent.
    pub timeout: Option<Duration>,
    /// The call that caused this one, as an index into all calls: the one that was open at the caller when this one began.
    /// `None` where there was none, or several, of which nobody can tell.
    pub parent: Option<usize>,
    /// What followed its request headers.
    pub events: Vec<&'a Event>,
}

impl Call<'_> {
    /// Whether either side ended the call.
    pub fn ended(&self) -> bool {
        self.events.iter().any(|event| event.kind.ends_call())
    }

    /// The status code that the call ended with. `None` where it ended without one, or has not ended.
    pub fn status(&self) -> Option<Code> {
        self.events.iter().find_map(|event| match event.kind {
            EventKind::Status { code, .. } => Some(code),
            _ => None,
        })
    }

    /// The position in the record of what ended the call. The last of all where nothing has.
    pub(crate) fn answered_at(&self) -> u64 {
        let end = self.events.iter().find(|event| event.kind.ends_call());
        end.map_or(u64::MAX, |event| event.seq)
    }

    /// The messages that one side sent.
    pub fn messages(&self, side: Side) -> impl Iterator<Item = &Bytes> {
        self.events
            .iter()
            .filter_map(move |event| match &event.kind {
                EventKind::Message { from, bytes, .. } if *from == side => Some(bytes),
                _ => None,
            })
    }

    /// The metadata that the server sent, before and after its messages.
    pub fn answered_metadata(&self) -> impl Iterator<Item = &(String, String)> {
        self.events.iter().flat_map(|event| match &event.kind {
            EventKind::Response { metadata } | EventKind::Status { metadata, .. } => {
                metadata.iter()
            }
            _ => [].iter(),
        })
    }
}

/// The calls in the order in which they began, from events in their order. Takes time in proportion to the events.
pub fn calls(events: &[Event]) -> Vec<Call<'_>> {
    let mut calls: Vec<Call<'_>> = Vec::new();
    let mut index_of = HashMap::new();
    // The calls that each program is serving.
    let mut serving: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for event in events {
        if let EventKind::Request {
            path,
            metadata,
            timeout,
        } = &event.kind
        {
            let index = calls.len();
            let mut open = serving.get(event.hop.from).into_iter().flatten();
            let parent = open.next().filter(|_| open.next().is_none());
            calls.push(Call {
                hop: event.hop,
                path,
                metadata,
                seq: event.seq,
                at: event.at,
                timeout: *timeout,
                parent: parent.copied(),
                events: Vec::new(),
            });
            index_of.insert((event.hop, event.call), index);
            serving.entry(event.hop.to).or_default().insert(index);
        } else if let Some(&index) = index_of.get(&(event.hop, event.call)) {
            calls[index].events.push(event);
            if event.kind.ends_call()
                && let Some(open) = serving.get_mut(event.hop.to)
            {
                open.remove(&index);
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTER: Hop = Hop::new("client", "edge");
    const INNER: Hop = Hop::new("edge", "host");

    /// Events from the hop, the call's number on it, and whether the call begins or ends.
    fn events(steps: &[(Hop, u32, bool)]) -> Vec<Event> {
        let event = |(seq, &(hop, call, begins)): (usize, &(Hop, u32, bool))| Event {
            seq: seq as u64,
            at: Duration::ZERO,
            hop,
            connection: 1,
            call,
            kind: match begins {
                true => EventKind::Request {
                    path: "/a.B/C".to_owned(),
                    metadata: Metadata::new(),
                    timeout: None,
                },
                false => EventKind::Status {
                    code: Code::OK,
                    message: String::new(),
                    details: Bytes::new(),
                    metadata: Metadata::new(),
                },
            },
        };
        steps.iter().enumerate().map(event).collect()
    }

    fn parents(steps: &[(Hop, u32, bool)]) -> Vec<Option<usize>> {
        let events = events(steps);
        calls(&events).iter().map(|call| call.parent).collect()
    }

    #[test]
    fn the_only_open_call_of_the_caller_is_the_parent() {
        let steps = [
            (OUTER, 1, true),
            (INNER, 1, true),
            (INNER, 1, false),
            (INNER, 2, true),
            (OUTER, 1, false),
            (INNER, 3, true),
        ];
        assert_eq!(parents(&steps), [None, Some(0), Some(0), None]);
    }

    #[test]
    fn of_several_open_calls_none_is_the_parent() {
        let steps = [
            (OUTER, 1, true),
            (OUTER, 2, true),
            (INNER, 1, true),
            (OUTER, 1, false),
            (INNER, 2, true),
        ];
        assert_eq!(parents(&steps), [None, None, None, Some(1)]);
    }

    #[test]
    fn events_belong_to_the_call_of_their_number_on_their_hop() {
        let steps = [
            (OUTER, 1, true),
            (INNER, 1, true),
            (OUTER, 1, false),
            // Of a call whose beginning nobody saw.
            (INNER, 7, false),
        ];
        let events = events(&steps);
        let calls = calls(&events);
        let seqs: Vec<Vec<_>> = calls
            .iter()
            .map(|call| call.events.iter().map(|event| event.seq).collect())
            .collect();
        assert_eq!(seqs, [vec![2], vec![]]);
        assert_eq!(calls[0].status(), Some(Code::OK));
        assert!(calls[0].ended() && !calls[1].ended());
    }

    /// A run that goes on and on has thousands of calls: to group them must not take the square of that.
    #[test]
    fn many_calls_are_grouped_in_time() {
        let steps: Vec<_> = (1..=100_000)
            .flat_map(|call| [(OUTER, call, true), (OUTER, call, false)])
            .collect();
        let events = events(&steps);
        let calls = calls(&events);
        assert_eq!(calls.len(), 100_000);
        assert!(calls.iter().all(|call| call.events.len() == 1));
    }
}
