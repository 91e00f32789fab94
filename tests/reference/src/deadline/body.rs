//! A response's body that ends when the call's time is up.
//!
//! A response that streams may go on long after its headers, and neither tonic's timer nor a timeout around the handler
//! sees that. The body is where the answers pass, and its trailers are where their status is said.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::Status;

/// A body that gives way to a status at its deadline.
pub(super) struct Timed {
    body: Body,
    timer: Pin<Box<Sleep>>,
    /// What is said at the deadline. None once it has been said.
    expiry: Option<Status>,
}

impl Timed {
    pub(super) fn new(body: Body, deadline: Instant, expiry: Status) -> Self {
        Self {
            body,
            timer: Box::pin(sleep_until(deadline)),
            expiry: Some(expiry),
        }
    }

    /// Ready when the time is up. The clock is asked too: a timer may be late when the machine is busy.
    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.timer.deadline() {
            return Poll::Ready(());
        }
        self.timer.as_mut().poll(context)
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if this.expiry.is_none() {
            return Poll::Ready(None);
        }
        // The deadline first: a body that always has another answer ready would never let it have its turn.
        if this.poll_deadline(context).is_pending() {
            let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
            return Poll::Ready(frame);
        }
        let status = this.expiry.take();
        // The stream of answers is dropped here, and the work that it stands for stops.
        this.body = Body::empty();
        Poll::Ready(status.map(|status| Ok(Frame::trailers(trailers(&status)))))
    }

    fn is_end_stream(&self) -> bool {
        self.expiry.is_none() || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn trailers(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    status
        .add_header(&mut trailers)
        .expect("the message is printable");
    trailers
}
