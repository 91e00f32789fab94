//! The access log: one line for each call, at its end, at level info.
//!
//! The end of a call is not the end of its handler. A streaming call has only begun when its handler returns; how it
//! went is in the trailers, the last frame of the response. So the line is written when the response's body ends. A
//! caller may also leave before: then the handler or the body is dropped, and the line says CANCELLED. Either way it is
//! the drop of one value, `LogLine`, that writes it, so no call goes without.
//!
//! The layer lies outside the one that asks for a token, so that a refused call is logged as well. Of a request's
//! headers nothing is logged but the request's id and trace: a header may hold a token.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Body as _, Frame, SizeHint};
use tonic::{Code, Status};
use tracing::{Instrument, Span};

use super::request_id::RequestId;
use super::trace_context::TraceContext;
use crate::errors::code;

/// A layer's function, for `axum::middleware::from_fn`.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    // At level error, so that an error in a handler names its call even where the access log itself is off.
    let span = tracing::error_span!(
        "call",
        method = request.uri().path(),
        request_id = RequestId::of(&request).as_str(),
        trace_id = tracing::field::Empty,
        // Not known yet: auth fills it in.
        user = tracing::field::Empty,
    );
    if let Some(context) = request.extensions().get::<TraceContext>() {
        span.record("trace_id", format_args!("{:032x}", context.trace_id));
    }
    let mut line = LogLine {
        span: span.clone(),
        begun: Instant::now(),
        outcome: Outcome::Cancelled,
    };
    let response = next.run(request).instrument(span).await;
    line.outcome.read(response.headers());
    let http = response.status();
    response.map(|body| Body::new(Logged::new(body, http, line)))
}

/// What the log will say of a call.
struct LogLine {
    span: Span,
    begun: Instant,
    outcome: Outcome,
}

/// How a call ended, as far as is known.
enum Outcome {
    /// Nothing has a status yet. If it stays so, the caller left.
    Cancelled,
    /// The response was gRPC.
    Grpc(Code),
    /// The response ended without a gRPC status: it was plain HTTP.
    Http(StatusCode),
}

impl Outcome {
    fn read(&mut self, headers: &HeaderMap) {
        if let Some(value) = headers.get(Status::GRPC_STATUS) {
            *self = Self::Grpc(Code::from_bytes(value.as_bytes()));
        }
    }
}

impl Drop for LogLine {
    fn drop(&mut self) {
        let status = match self.outcome {
            Outcome::Cancelled => code::name(Code::Cancelled),
            Outcome::Grpc(code) => code::name(code),
            Outcome::Http(ref http) => http.as_str(),
        };
        let elapsed = format_args!("{:.3}", self.begun.elapsed().as_secs_f64() * 1e3);
        tracing::info!(parent: &self.span, status, elapsed_ms = elapsed, "done");
    }
}

/// A response's body that notes its status on the way out.
struct Logged {
    body: Body,
    http: StatusCode,
    /// Taken once it is written.
    line: Option<LogLine>,
}

impl Logged {
    fn new(body: Body, http: StatusCode, line: LogLine) -> Self {
        let line = Some(line);
        let mut logged = Self { body, http, line };
        if logged.body.is_end_stream() {
            logged.end();
        }
        logged
    }

    /// The body has ended, so the line is written now, and not when hyper gets round to dropping the body: whoever has
    /// seen a call end can rely on finding it in the log.
    fn end(&mut self) {
        if let Some(mut line) = self.line.take()
            && matches!(line.outcome, Outcome::Cancelled)
        {
            // The body ended without an error and without a gRPC status, so the response was plain HTTP.
            line.outcome = Outcome::Http(self.http);
        }
    }
}

impl http_body::Body for Logged {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let span = this
            .line
            .as_ref()
            .map_or_else(Span::none, |line| line.span.clone());
        // A streaming handler's work is done in here: what it logs belongs to the call.
        let frame = ready!(span.in_scope(|| Pin::new(&mut this.body).poll_frame(context)));
        if let (Some(Ok(frame)), Some(line)) = (&frame, &mut this.line)
            && let Some(trailers) = frame.trailers_ref()
        {
            line.outcome.read(trailers);
            this.end();
        } else if frame.is_none() || this.body.is_end_stream() {
            this.end();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
