//! Ends a call with DEADLINE_EXCEEDED when its time is up.
//!
//! The caller says how long it will wait in the header `grpc-timeout`: up to eight digits and a unit, such as `250m`
//! for 250 ms. tonic's server observes it too, but ends the call as CANCELLED "Timeout expired", which a caller cannot
//! tell from a real cancel. This layer is faster by [`HEAD_START`] and says what happened.
//!
//! Time counts from the arrival of the request's headers to the end of the response. Until the response's headers the
//! handler's future is watched; after that, for a stream of answers, its body is ([`body`]). Dropping either is what
//! stops the work: everything that it holds goes with it.

mod body;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::{Instant, sleep_until};
use tonic::{Code, Status};

use crate::errors::{Failure, Reason};

use body::Timed;

const HEADER: &str = "grpc-timeout";
/// How much earlier than tonic's timer this one ends a call. For short timeouts it is a tenth of them.
const HEAD_START: Duration = Duration::from_millis(5);

/// When the request's headers arrived.
#[derive(Clone, Copy)]
struct Arrived(Instant);

/// An interceptor that starts the clock. It runs before anything waits, and so before tonic's timer is made.
pub(crate) fn note_arrival(mut request: tonic::Request<()>) -> Result<tonic::Request<()>, Status> {
    request.extensions_mut().insert(Arrived(Instant::now()));
    Ok(request)
}

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let arrived = match request.extensions().get() {
        Some(Arrived(instant)) => *instant,
        None => Instant::now(),
    };
    let timeout = match request.headers().get(HEADER).map(parse) {
        None => return next.run(request).await,
        Some(None) => {
            return refuse(Failure::new(
                Code::InvalidArgument,
                Reason::MalformedTimeout,
                "grpc-timeout is malformed: send 1 to 8 digits and a unit of H, M, S, m, u or n, such as 250m for 250 ms",
            ));
        }
        Some(Some(timeout)) => timeout,
    };
    let deadline = arrived + (timeout - HEAD_START.min(timeout / 10));
    // A call that comes too late is not begun at all.
    if deadline <= Instant::now() {
        return exceeded(timeout);
    }
    match before(deadline, next.run(request)).await {
        Some(response) => {
            let expiry = Status::from(exceeded_failure(timeout));
            response.map(|body| Body::new(Timed::new(body, deadline, expiry)))
        }
        None => exceeded(timeout),
    }
}

/// What `call` comes to, or nothing when the deadline passes first. The call is dropped then.
///
/// `tokio::time::timeout_at` would nearly do. It waits for its timer, and a late timer may go off together with
/// tonic's; then chance decides which of them comes first. Looking at the clock as well rules that out.
async fn before<T>(deadline: Instant, call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut timer = pin!(sleep_until(deadline));
    poll_fn(|context| {
        if let Poll::Ready(outcome) = call.as_mut().poll(context) {
            Poll::Ready(Some(outcome))
        } else if timer.as_mut().poll(context).is_ready() || Instant::now() >= deadline {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    })
    .await
}

fn exceeded(timeout: Duration) -> Response {
    refuse(exceeded_failure(timeout))
}

fn exceeded_failure(timeout: Duration) -> Failure {
    let message = format!("the call's time of {timeout:?} is up");
    let failure = Failure::new(Code::DeadlineExceeded, Reason::DeadlineExceeded, message);
    failure.with("timeoutMs", timeout.as_millis())
}

fn refuse(failure: Failure) -> Response {
    Status::from(failure).into_http::<Body>()
}

/// The value of `grpc-timeout` as the gRPC specification writes it, "PROTOCOL-HTTP2.md".
fn parse(value: &HeaderValue) -> Option<Duration> {
    let value = value.to_str().ok()?;
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 60 * 60)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}
