//! W3C Trace Context: which trace a call is part of.
//!
//! A request id names one call. A trace names all the calls, at however many servers, that one action of a user caused.
//! Every server takes the trace's id from the header `traceparent` and passes it on:
//!
//! ```text
//! 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//! version  trace id                   parent: the caller's span   flags: 01 = recorded
//! ```
//!
//! A call without the header, or with one that cannot be read, begins a new trace.

use std::fmt;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

const HEADER: &str = "traceparent";

/// The trace that a call is part of: in the extensions of every request that reaches a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The whole trace: the same at every server. Never 0.
    pub trace_id: u128,
    /// This server's part in it, new for each call. Never 0.
    pub span_id: u64,
    /// Bit 0: whether the caller records this trace. Other bits are not defined yet.
    pub flags: u8,
}

impl TraceContext {
    fn begin() -> Self {
        Self {
            trace_id: Uuid::new_v4().as_u128(),
            span_id: new_span_id(),
            flags: 0,
        }
    }

    /// Continues the trace of a `traceparent`, if it can be read.
    fn continue_from(value: &HeaderValue) -> Option<Self> {
        let mut parts = value.to_str().ok()?.split('-');
        let version: u8 = hex::<2>(parts.next()?)?.try_into().ok()?;
        let trace_id = hex::<32>(parts.next()?)?;
        let parent_id = hex::<16>(parts.next()?)?;
        let flags = hex::<2>(parts.next()?)?.try_into().ok()?;
        // Versions to come may add parts behind these four; version 0 has no more, and 255 is never to be used.
        let whole = version > 0 || parts.next().is_none();
        let valid = whole && version != u8::MAX && trace_id != 0 && parent_id != 0;
        valid.then(|| Self {
            trace_id,
            span_id: new_span_id(),
            flags,
        })
    }
}

/// The header for a call that this call makes in turn: this server's span is that call's parent.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            trace_id,
            span_id,
            flags,
        } = self;
        write!(f, "00-{trace_id:032x}-{span_id:016x}-{flags:02x}")
    }
}

/// The lower half of a random UUID: 62 random bits, and two fixed ones that keep it from being 0.
fn new_span_id() -> u64 {
    Uuid::new_v4().as_u64_pair().1
}

/// Exactly `N` digits, lower case only, as the standard wants them.
fn hex<const N: usize>(digits: &str) -> Option<u128> {
    let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if digits.len() != N || !digits.bytes().all(digit) {
        return None;
    }
    u128::from_str_radix(digits, 16).ok()
}

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn join(mut request: Request, next: Next) -> Response {
    let sent = request.headers().get(HEADER);
    let context = sent.and_then(TraceContext::continue_from);
    let context = context.unwrap_or_else(TraceContext::begin);
    request.extensions_mut().insert(context);
    next.run(request).await
}
