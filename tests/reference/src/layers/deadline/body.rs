//! A response's body that ends when the call's time is up.
//!
//! A response that streams may go on long after its headers, and neither tonic's timer nor a timeout around the handler
//! sees that. The body is where the answers pass, and its trailers carry their status.

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
    /// The status to send at the deadline. None once it was sent.
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::poll_fn;
    use std::time::Duration;

    use futures_util::stream::{self, StreamExt};
    use tokio::sync::oneshot;

    use super::*;

    /// A body that always has more, and whether it is still there.
    fn endless() -> (Body, oneshot::Receiver<()>) {
        let (there, dropped) = oneshot::channel::<()>();
        let more = stream::repeat(Bytes::from_static(b"more")).map(move |bytes| {
            let _held = &there;
            Ok::<_, Infallible>(bytes)
        });
        (Body::from_stream(more), dropped)
    }

    async fn next(body: &mut Timed) -> Option<Frame<Bytes>> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        frame.map(|frame| frame.expect("it does not fail"))
    }

    #[tokio::test]
    async fn endless_body_ends_at_the_deadline_and_is_dropped() {
        let (body, mut dropped) = endless();
        let deadline = Instant::now() + Duration::from_millis(20);
        let mut body = Timed::new(body, deadline, Status::deadline_exceeded("it is late"));
        let trailers = loop {
            match next(&mut body)
                .await
                .expect("it ends with trailers")
                .into_trailers()
            {
                Ok(trailers) => break trailers,
                Err(_) => assert!(dropped.try_recv() == Err(oneshot::error::TryRecvError::Empty)),
            }
        };
        assert_eq!(trailers["grpc-status"], "4");
        assert!(dropped.try_recv() == Err(oneshot::error::TryRecvError::Closed));
        assert!(body.is_end_stream());
        assert!(next(&mut body).await.is_none(), "nothing comes after them");
    }

    #[tokio::test]
    async fn body_that_ends_in_time_is_unchanged() {
        let deadline = Instant::now() + Duration::from_secs(3600);
        let mut body = Timed::new(Body::from("all"), deadline, Status::ok("never sent"));
        let frame = next(&mut body).await.expect("there is data");
        assert_eq!(frame.into_data().expect("data"), "all");
        assert!(body.is_end_stream());
        assert!(next(&mut body).await.is_none());
    }
}
