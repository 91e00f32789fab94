//! Events put together to calls, and calls to the calls that caused them.

use std::time::Duration;

use bytes::Bytes;

use crate::event::{Event, Kind, Metadata, Side};

/// One call and what happened in it.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Which tap saw it.
    pub hop: &'static str,
    /// `/package.Service/Method`.
    pub path: &'a str,
    /// The caller's metadata.
    pub metadata: &'a Metadata,
    /// The deadline that the caller sent.
    pub timeout: Option<Duration>,
    /// The call that caused this one, as an index into all calls.
    pub parent: Option<usize>,
    /// What followed its request headers.
    pub events: Vec<&'a Event>,
    /// When it began, and when it ended.
    span: (u64, u64),
}

impl Call<'_> {
    /// Whether either side ended the call.
    pub fn ended(&self) -> bool {
        self.span.1 < u64::MAX
    }

    /// The status code that the call ended with. `None` where it ended without one, or has not ended.
    pub fn status(&self) -> Option<i32> {
        self.events.iter().find_map(|event| match event.kind {
            Kind::Status { code, .. } => Some(code),
            _ => None,
        })
    }

    /// The messages that one side sent.
    pub fn messages(&self, side: Side) -> impl Iterator<Item = &Bytes> {
        self.events
            .iter()
            .filter_map(move |event| match &event.kind {
                Kind::Message { from, bytes, .. } if *from == side => Some(bytes),
                _ => None,
            })
    }

    /// The metadata that the server sent, before and after its messages.
    pub fn answered_metadata(&self) -> impl Iterator<Item = &(String, String)> {
        self.events.iter().flat_map(|event| match &event.kind {
            Kind::Response { metadata } | Kind::Status { metadata, .. } => metadata.iter(),
            _ => [].iter(),
        })
    }
}

/// The calls in the order in which they began.
pub fn calls(events: &[Event]) -> Vec<Call<'_>> {
    let mut calls: Vec<Call<'_>> = Vec::new();
    for event in events {
        let Kind::Request {
            path,
            metadata,
            timeout,
        } = &event.kind
        else {
            continue;
        };
        let of_this_call = |other: &&Event| {
            other.hop == event.hop
                && other.call == event.call
                && !matches!(other.kind, Kind::Request { .. })
        };
        let own: Vec<_> = events.iter().filter(of_this_call).collect();
        let end = own.iter().find(|event| ends(&event.kind));
        calls.push(Call {
            hop: event.hop,
            path,
            metadata,
            timeout: *timeout,
            parent: None,
            span: (event.seq, end.map_or(u64::MAX, |event| event.seq)),
            events: own,
        });
    }
    let parents: Vec<_> = (0..calls.len())
        .map(|index| parent(&calls, index))
        .collect();
    for (call, parent) in calls.iter_mut().zip(parents) {
        call.parent = parent;
    }
    calls
}

fn ends(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Status { .. } | Kind::Cancelled { .. } | Kind::Broken { .. }
    )
}

/// The call that was open at the caller when this one began. With none open, or several, nobody can tell.
fn parent(calls: &[Call<'_>], index: usize) -> Option<usize> {
    let call = &calls[index];
    let (caller, _) = call.hop.split_once(" > ")?;
    let open = |other: &Call<'_>| {
        let serves = other
            .hop
            .split_once(" > ")
            .is_some_and(|(_, to)| to == caller);
        serves && other.span.0 < call.span.0 && call.span.0 < other.span.1
    };
    let mut open = (0..calls.len()).filter(|other| open(&calls[*other]));
    match (open.next(), open.next()) {
        (Some(parent), None) => Some(parent),
        _ => None,
    }
}
