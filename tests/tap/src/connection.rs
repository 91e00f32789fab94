//! One connection of a tap, from its first call to its last.

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic;
use std::sync::{Arc, Mutex, PoisonError};

use h2::RecvStream;
use http::{Method, Request};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::address::{Address, Stream, close};
use crate::code::Code;
use crate::end::{Outcome, StopReason};
use crate::event::{EventKind, Side};
use crate::fault::{After, Fault};
use crate::forward::ForwardedCall;
use crate::header_size;
use crate::headers;
use crate::hop::Hop;
use crate::plan::{CallInfo, CallPlan, Plan};
use crate::recorder::{Log, Recorder};
use crate::relay::{ConnectionEvent, Flusher, Relay};

/// What the connections of one tap share.
pub(crate) struct Shared {
    pub(crate) hop: Hop,
    pub(crate) upstream: Address,
    pub(crate) recorder: Recorder,
    pub(crate) plan: Plan,
    pub(crate) calls: Mutex<Counts>,
    /// Record what has come, then close.
    pub(crate) stop: CancellationToken,
    /// Close now.
    pub(crate) force_close: CancellationToken,
}

/// Calls so far: all of them, and by path.
#[derive(Default)]
pub(crate) struct Counts {
    all: u32,
    by_path: HashMap<String, u32>,
}

/// Relays a downstream connection to an upstream one that is opened for it, until either ends.
pub(crate) async fn serve(shared: Arc<Shared>, connection: u32, downstream: Stream) {
    let (back, mut streams) = mpsc::unbounded_channel();
    let relay = tokio::select! {
        relay = Relay::connect(downstream, &shared.upstream, back) => relay.ok(),
        () = shared.force_close.cancelled() => None,
    };
    if let Some(relay) = relay {
        run(&shared, connection, relay).await;
    }
    let kind = EventKind::Disconnected;
    shared.recorder.record(shared.hop, connection, 0, kind);
    let mut closing = JoinSet::new();
    while let Some(stream) = streams.recv().await {
        closing.spawn(close(stream));
    }
    tokio::select! {
        _ = closing.join_all() => {}
        // A peer that is alive and keeps its end open is not waited for.
        () = shared.stop.cancelled() => {}
    }
}

async fn run(shared: &Shared, connection: u32, mut relay: Relay) {
    let stop = watch::Sender::new(None);
    let mut calls = JoinSet::new();
    // Calls whose connection died, which must outlive both connections.
    let mut abandoned = Vec::new();
    let flusher = relay.flusher();
    let (mut over, mut closing, mut stopping, mut forcing) = (false, false, false, false);
    loop {
        let ending = over && calls.is_empty();
        tokio::select! {
            biased;
            event = poll_fn(|cx| relay.poll_event(cx)) => match event {
                ConnectionEvent::Call(request, respond) => {
                    let (log, plan) = begin(shared, connection, &request);
                    let upstream = relay.send_request();
                    let flusher = flusher.clone();
                    let call = ForwardedCall::new(log, plan, request, respond, upstream, flusher);
                    calls.spawn(call.run(stop.subscribe()));
                }
                ConnectionEvent::Over => (over, closing) = (true, false),
                ConnectionEvent::Drained => {
                    stop_all(&stop, StopReason::Shutdown);
                    (over, closing) = (true, false);
                }
            },
            Some(outcome) = calls.join_next() => match outcome {
                Ok(Outcome::Over) => {}
                Ok(Outcome::Broken(call)) => abandoned.push(call),
                Ok(Outcome::Disconnect(call)) => {
                    abandoned.push(call);
                    stop_all(&stop, StopReason::Disconnect);
                    over = true;
                }
                Err(error) => panic::resume_unwind(error.into_panic()),
            },
            // The other side is still owed what came before the end.
            () = flushed(&flusher), if ending && !closing => {
                let stopped = stop.borrow().is_some();
                if stopped || !relay.close_in_order() {
                    break;
                }
                closing = true;
            }
            () = shared.stop.cancelled(), if !stopping => {
                stopping = true;
                relay.ping();
            }
            () = shared.force_close.cancelled(), if !forcing => {
                forcing = true;
                relay.force_close();
                stop_all(&stop, StopReason::Shutdown);
                (over, closing) = (true, false);
            }
        }
    }
    drop(relay);
    drop(abandoned);
}

/// Stops the calls that still go on. The first reason stands: some of them may not have seen it yet.
fn stop_all(stop: &watch::Sender<Option<StopReason>>, reason: StopReason) {
    stop.send_modify(|stop| *stop = stop.or(Some(reason)));
}

async fn flushed(flusher: &Flusher) {
    tokio::join!(flusher.flush(Side::Client), flusher.flush(Side::Server));
}

/// Counts and records a call, and decides what to do with it. Under one lock: the order of the numbers, of the events
/// and of the plan's questions is the same.
fn begin(shared: &Shared, connection: u32, request: &Request<RecvStream>) -> (Log, CallPlan) {
    let path = request.uri().path().to_owned();
    let metadata = headers::metadata(request.headers());
    let (timeout, timeout_checked) = match headers::timeout(request.headers()) {
        Ok(timeout) => (timeout, Ok(())),
        Err(reason) => (None, Err(reason)),
    };

    let mut counts = shared.calls.lock().unwrap_or_else(PoisonError::into_inner);
    counts.all += 1;
    let nth = counts.by_path.entry(path.clone()).or_default();
    *nth += 1;
    let nth = *nth;
    let info = CallInfo {
        hop: shared.hop,
        connection,
        call: counts.all,
        nth,
        path,
        metadata,
        timeout,
    };
    let log = Log {
        recorder: shared.recorder.clone(),
        hop: shared.hop,
        connection,
        call: counts.all,
    };
    log.record(EventKind::Request {
        path: info.path.clone(),
        metadata: info.metadata.clone(),
        timeout,
    });
    log.record_malformed(Side::Client, check_request(request));
    log.record_malformed(Side::Client, timeout_checked);
    let mut plan = shared.plan.decide(&info);
    let size_checked = header_size::check_request(request);
    if let Err(reason) = &size_checked {
        // A server would refuse them as well, but not each in the same way.
        let refusal = Fault::status(Code::RESOURCE_EXHAUSTED, reason);
        plan.fault = Some(refusal.after(After::Headers));
    }
    log.record_malformed(Side::Client, size_checked);
    (log, plan)
}

fn check_request(request: &Request<RecvStream>) -> Result<(), String> {
    if request.method() != Method::POST {
        return Err(format!("the method is {}, not POST", request.method()));
    }
    headers::check_content_type(request.headers())
}
