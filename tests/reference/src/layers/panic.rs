//! A handler that panics must not leave its caller without an answer.
//!
//! A panic ends the task that it happens in. For a call that is the connection's stream: the caller sees a reset, which
//! reads as a protocol error, or worse, as if it had cancelled. A panic after the first message of a stream can even
//! look like a clean end. Caught here, it becomes what it is, INTERNAL, and the request id says where to look in the
//! log.
//!
//! A handler's code runs in two places, and both are guarded: the future that makes the response, and for streaming
//! calls the response's body. A task that a handler has spawned is in neither: whoever spawns one must see to its
//! panics.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tonic::{Code, Status};

use super::request_id::RequestId;
use crate::errors::{Failure, Reason};

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn catch(request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let mut call = pin!(next.run(request));
    let outcome = poll_fn(|context| match guarded(|| call.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ok),
        Err(panicked) => Poll::Ready(Err(panicked)),
    });
    match outcome.await {
        Ok(response) => response.map(|body| Body::new(Guarded::Live { body, id })),
        Err(Panicked) => status(&id).into_http(),
    }
}

/// A panic that was caught, and logged.
struct Panicked;

/// Runs a step that may panic.
///
/// A value that was being changed when the panic came may be half changed, which is why the compiler wants
/// `AssertUnwindSafe` here. It is safe because nobody looks at that value again: the future or body is only dropped.
fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|payload| {
        tracing::error!(panic = message(payload.as_ref()), "a handler panicked");
        Panicked
    })
}

/// What `panic!` was given, if it was text.
fn message(payload: &(dyn Any + Send)) -> &str {
    let fixed = payload.downcast_ref::<&str>().copied();
    fixed
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("not a text")
}

fn status(id: &RequestId) -> Status {
    let message = format!(
        "the server has a bug: report it with the request id {}",
        id.as_str()
    );
    Failure::new(Code::Internal, Reason::HandlerPanicked, message).into()
}

/// A response's body whose panic ends it with trailers.
enum Guarded {
    Live { body: Body, id: RequestId },
    Ended,
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let Self::Live { body, id } = this else {
            return Poll::Ready(None);
        };
        match guarded(|| Pin::new(body).poll_frame(context)) {
            Ok(poll) => poll,
            Err(Panicked) => {
                let mut trailers = HeaderMap::new();
                status(id)
                    .add_header(&mut trailers)
                    .expect("an id and a fixed text fit into headers");
                *this = Self::Ended;
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Live { body, .. } => body.is_end_stream(),
            Self::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Live { body, .. } => body.size_hint(),
            Self::Ended => SizeHint::with_exact(0),
        }
    }
}
