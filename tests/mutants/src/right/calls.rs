//! Metadata, deadlines, calls and connections that a program adds.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use stage::{Peer, Run, Scenario, hop};
use tap::{Code, Event, EventKind, Hop, Side};

/// The method that an extra health check calls.
const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";

/// A `HealthCheckResponse` that says SERVING.
const SERVING: &[u8] = &[0x08, 1];

/// The number of a connection and of a call that no other has.
const EXTRA: u32 = 1_000;

/// The hop on which the program calls.
fn callers_hop(scenario: &dyn Scenario) -> Option<Hop> {
    match scenario.peer() {
        Peer::Bytes => None,
        Peer::Server => Some(hop::CLIENT_SERVER),
        Peer::Edge => Some(hop::EDGE_HOST),
    }
}

/// Metadata in every call that the program makes, and in every answer that it gives, with another value each.
pub(super) fn add_metadata(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    let calls = callers_hop(scenario);
    for (index, event) in run.events.iter_mut().enumerate() {
        let of_call = Some(event.hop) == calls;
        let of_answer = event.hop == hop::CLIENT_EDGE;
        let metadata = match &mut event.kind {
            EventKind::Request { metadata, .. } if of_call => metadata,
            EventKind::Response { metadata } | EventKind::Status { metadata, .. } if of_answer => {
                metadata
            }
            _ => continue,
        };
        metadata.push((
            "traceparent".to_owned(),
            format!("00-{index:032x}-{index:016x}-01"),
        ));
    }
    Ok(())
}

/// Another deadline for each call that the program made without one.
pub(super) fn add_deadlines(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    set_deadlines(run, scenario, |call| {
        Duration::from_millis(30_000 + 7 * call)
    });
    Ok(())
}

/// One deadline for all calls that the program made without one.
pub(super) fn add_one_deadline(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    set_deadlines(run, scenario, |_| Duration::from_secs(30));
    Ok(())
}

fn set_deadlines(run: &mut Run, scenario: &dyn Scenario, deadline: impl Fn(u64) -> Duration) {
    let calls = callers_hop(scenario);
    for event in run
        .events
        .iter_mut()
        .filter(|event| Some(event.hop) == calls)
    {
        let call = u64::from(event.call);
        if let EventKind::Request { timeout, .. } = &mut event.kind {
            *timeout = timeout.or(Some(deadline(call)));
        }
    }
}

/// A health check on the first connection, before all other calls.
pub(super) fn add_health_check(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    let request = EventKind::Request {
        path: HEALTH_CHECK.to_owned(),
        metadata: Vec::new(),
        timeout: None,
    };
    let message = |from, bytes: &'static [u8]| EventKind::Message {
        from,
        compressed: false,
        bytes: Bytes::from_static(bytes),
    };
    let response = EventKind::Response {
        metadata: Vec::new(),
    };
    let status = EventKind::Status {
        code: Code::OK,
        message: String::new(),
        details: Bytes::new(),
        metadata: Vec::new(),
    };
    let call = [
        request,
        message(Side::Client, &[]),
        EventKind::HalfClose,
        response,
        message(Side::Server, SERVING),
        status,
    ];
    insert(run, scenario, EXTRA, |first| first.connection, call);
    Ok(())
}

/// A connection that is opened and closed before it is used, before the first.
pub(super) fn add_connection(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    let connection = [EventKind::Connected, EventKind::Disconnected];
    insert(run, scenario, 0, |_| EXTRA, connection);
    Ok(())
}

/// Inserts events of a call behind the first connection on the hop on which the program calls.
fn insert<const N: usize>(
    run: &mut Run,
    scenario: &dyn Scenario,
    call: u32,
    connection: impl Fn(&Event) -> u32,
    kinds: [EventKind; N],
) {
    let Some(hop) = callers_hop(scenario) else {
        return;
    };
    let connected = |event: &Event| event.hop == hop && event.kind == EventKind::Connected;
    let Some(place) = run.events.iter().position(connected) else {
        return;
    };
    let first = run.events[place].clone();
    let added = kinds.into_iter().map(|kind| Event {
        connection: connection(&first),
        call,
        kind,
        ..first.clone()
    });
    run.events.splice(place + 1..place + 1, added);
    for (seq, event) in run.events.iter_mut().enumerate() {
        event.seq = seq as u64;
    }
}
