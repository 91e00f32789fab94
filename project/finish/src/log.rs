//! One line for each call, when it has ended.
//!
//! The end of a call is not the end of its handler: the status is in the
//! trailers, which are the last that is sent. So the response's body is
//! wrapped, and looks for them. If the caller leaves before, handler or body
//! are dropped, and the line says so. Either way it is the drop of one value
//! that writes it, so that no call goes without.

use std::io::IsTerminal;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};

use crate::trace::TraceId;

/// Writes the log to standard error, from level info up. Once in a program, at
/// its start.
pub fn to_stderr() {
    tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// The layer. It is laid around all services of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLog;

impl<S> Layer<S> for CallLog {
    type Service = Logged<S>;

    fn layer(&self, inner: S) -> Logged<S> {
        Logged(inner)
    }
}

/// A service whose calls are logged.
#[derive(Clone)]
pub(crate) struct Logged<S>(S);

impl<S> Service<Request<Body>> for Logged<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    // ANCHOR: call
    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let mut line = Line {
            method: request.uri().path().to_owned(),
            trace: TraceId::of(request.headers()).unwrap_or_else(TraceId::begin),
            begun: Instant::now(),
            // Until there is a status. If it stays so, the caller left or its
            // deadline passed.
            code: Code::Cancelled,
        };
        let response = self.0.call(request);
        Box::pin(async move {
            let response = response.await?;
            // A server that fails at once sends its status as a header.
            line.read(response.headers());
            Ok(response.map(|body| Body::new(LoggedBody { body, line })))
        })
    }
    // ANCHOR_END: call
}

/// What the log will say of a call.
struct Line {
    method: String,
    trace: TraceId,
    begun: Instant,
    code: Code,
}

impl Line {
    fn read(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get(Status::GRPC_STATUS) {
            self.code = Code::from_bytes(status.as_bytes());
        }
    }
}

// ANCHOR: drop
impl Drop for Line {
    fn drop(&mut self) {
        tracing::info!(
            method = self.method,
            code = ?self.code,
            elapsed_us = self.begun.elapsed().as_micros(),
            trace = %self.trace,
            "call"
        );
    }
}
// ANCHOR_END: drop

/// A response's body that looks for the status on the way out.
struct LoggedBody {
    body: Body,
    line: Line,
}

impl http_body::Body for LoggedBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            this.line.read(trailers);
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
