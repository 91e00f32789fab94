//! Ends a call with DEADLINE_EXCEEDED when its time is up.
//!
//! The caller says how long it will wait in the header `grpc-timeout`: up to eight digits and a unit, such as `250m`
//! for 250 ms. tonic's server observes it too, but ends the call as CANCELLED "Timeout expired", which a caller cannot
//! tell from a real cancel. This layer is faster by [`HEAD_START`] and says what happened.
//!
//! Time counts from the arrival of the request's headers to the response's headers. For a unary call that is the
//! whole call. Dropping the handler's future is what stops the work: everything that it holds goes with it.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::{Instant, timeout_at};
use tonic::Status;

const HEADER: &str = "grpc-timeout";
/// How much earlier than tonic's own timer this one ends a call. For short timeouts it is a tenth of them.
const HEAD_START: Duration = Duration::from_millis(5);

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let arrived = Instant::now();
    let timeout = match request.headers().get(HEADER).map(parse) {
        None => return next.run(request).await,
        Some(None) => {
            return refuse(Status::invalid_argument(
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
    match timeout_at(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => exceeded(timeout),
    }
}

fn exceeded(timeout: Duration) -> Response {
    refuse(Status::deadline_exceeded(format!(
        "the call's time of {timeout:?} is up"
    )))
}

fn refuse(status: Status) -> Response {
    status.into_http::<Body>()
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
