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
use crate::answer::record_malformed;
use crate::call::{Call, Halt, Outcome};
use crate::event::{Kind, Side};
use crate::headers;
use crate::plan::{CallInfo, CallPlan, Plan};
use crate::recorder::{Log, Recorder};
use crate::relay::{Flusher, Relay, Turn};

/// What the connections of one tap share.
pub(crate) struct Shared {
    pub(crate) hop: &'static str,
    pub(crate) upstream: Address,
    pub(crate) recorder: Recorder,
    pub(crate) plan: Plan,
    pub(crate) calls: Mutex<Counts>,
    /// Record what has come, then close.
    pub(crate) stop: CancellationToken,
    /// Close now.
    pub(crate) hurry: CancellationToken,
}

/// Calls so far: all of them, and by path.
#[derive(Default)]
pub(crate) struct Counts {
    all: u32,
    by_path: HashMap<String, u32>,
}

/// Relays one connection of a client to one of its own to the server, until either ends.
pub(crate) async fn serve(shared: Arc<Shared>, connection: u32, client: Stream) {
    let (back, mut streams) = mpsc::unbounded_channel();
    let relay = tokio::select! {
        relay = Relay::connect(client, &shared.upstream, back) => relay.ok(),
        () = shared.hurry.cancelled() => None,
    };
    if let Some(relay) = relay {
        run(&shared, connection, relay).await;
    }
    let kind = Kind::Disconnected;
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
    let halt = watch::Sender::new(None);
    let mut calls = JoinSet::new();
    // What is left of calls whose connection died, and must outlive both connections.
    let mut remains = Vec::new();
    let flusher = relay.flusher();
    let (mut over, mut closing, mut stopping, mut hurrying) = (false, false, false, false);
    loop {
        let ending = over && calls.is_empty();
        tokio::select! {
            biased;
            turn = poll_fn(|cx| relay.poll_turn(cx)) => match turn {
                Turn::Call(request, respond) => {
                    let (log, plan) = begin(shared, connection, &request);
                    let upstream = relay.upstream();
                    let call = Call::new(log, plan, request, respond, upstream, flusher.clone());
                    calls.spawn(call.run(halt.subscribe()));
                }
                Turn::Over => (over, closing) = (true, false),
                Turn::Drained => {
                    halt_all(&halt, Halt::Shutdown);
                    (over, closing) = (true, false);
                }
            },
            Some(outcome) = calls.join_next() => match outcome {
                Ok(Outcome::Over) => {}
                Ok(Outcome::Broken(call)) => remains.push(call),
                Ok(Outcome::Disconnect(call)) => {
                    remains.push(call);
                    halt_all(&halt, Halt::Disconnect);
                    over = true;
                }
                Err(error) => panic::resume_unwind(error.into_panic()),
            },
            // The other side is still owed what came before the end.
            () = flushed(&flusher), if ending && !closing => {
                let halted = halt.borrow().is_some();
                if halted || !relay.close_in_order() {
                    break;
                }
                closing = true;
            }
            () = shared.stop.cancelled(), if !stopping => {
                stopping = true;
                relay.ping();
            }
            () = shared.hurry.cancelled(), if !hurrying => {
                hurrying = true;
                relay.hurry();
                halt_all(&halt, Halt::Shutdown);
                (over, closing) = (true, false);
            }
        }
    }
    drop(relay);
    drop(remains);
}

/// Stops the calls that still go on. The first reason stands: not all of them may have heard it yet.
fn halt_all(halt: &watch::Sender<Option<Halt>>, reason: Halt) {
    halt.send_modify(|halt| *halt = halt.or(Some(reason)));
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
    log.record(Kind::Request {
        path: info.path.clone(),
        metadata: info.metadata.clone(),
        timeout,
    });
    record_malformed(Side::Client, check_request(request), &log);
    record_malformed(Side::Client, timeout_checked, &log);
    let plan = shared.plan.decide(&info);
    (log, plan)
}

fn check_request(request: &Request<RecvStream>) -> Result<(), String> {
    if request.method() != Method::POST {
        return Err(format!("the method is {}, not POST", request.method()));
    }
    headers::check_content_type(request.headers())
}
