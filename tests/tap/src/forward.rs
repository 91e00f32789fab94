//! One call: forwarding it, recording it, and ending it the way it ended.
//!
//! Downstream is the client, as whoever called the tap; upstream is the server, as whoever the tap calls.
//!
//! A call ends in the record with at most one of `Status`, `Cancelled` and `Broken`, or with `Malformed` where an
//! answer has no status, and nothing comes after that. It has no end if its tap was shut down first.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderValue, Request, Response};
use tokio::sync::watch;

use crate::code::Code;
use crate::end::{End, Outcome, StopReason};
use crate::event::{EventKind, Metadata, Side};
use crate::fault::{After, Fault, FaultKind};
use crate::gate::Gate;
use crate::headers;
use crate::plan::CallPlan;
use crate::play::{message, play};
use crate::recorder::Log;
use crate::relay::Flusher;
use crate::reset_code::ResetCode;
use crate::response::{Downstream, forward_response};
use crate::stream::{BodyReader, Frame, StreamError, forward_request};

/// Everything that belongs to one call. While it is kept, neither peer learns anything more of the call.
pub(crate) struct ForwardedCall {
    log: Log,
    plan: CallPlan,
    request: Request<()>,
    body: BodyReader,
    downstream: Downstream,
    upstream: SendRequest<Bytes>,
    /// Both are there once upstream knows of the call.
    upstream_body: Option<SendStream<Bytes>>,
    response: Option<Result<ResponseFuture, End>>,
    flusher: Flusher,
}

impl ForwardedCall {
    /// Begins a call, and makes it upstream at once unless the plan is against it: upstream gets calls in the order in
    /// which they came.
    pub(crate) fn new(
        log: Log,
        plan: CallPlan,
        request: Request<RecvStream>,
        respond: SendResponse<Bytes>,
        upstream: SendRequest<Bytes>,
        flusher: Flusher,
    ) -> Box<Self> {
        let (parts, body) = request.into_parts();
        let mut request = Request::from_parts(parts, ());
        if plan.strip_timeout {
            request.headers_mut().remove(headers::TIMEOUT);
        }
        let mut call = Box::new(Self {
            body: BodyReader::new(body, Side::Client, log.clone(), None),
            log,
            plan,
            request,
            downstream: Downstream {
                respond,
                stream: None,
            },
            upstream,
            upstream_body: None,
            response: None,
            flusher,
        });
        let after = call.plan.fault.as_ref().map(|fault| fault.after);
        let reaches_upstream =
            !matches!(after, Some(After::Headers | After::HalfClose)) && call.plan.script.is_none();
        if reaches_upstream && call.plan.hold_request.is_none() {
            call.open(true);
        }
        call
    }

    pub(crate) async fn run(
        mut self: Box<Self>,
        mut stop: watch::Receiver<Option<StopReason>>,
    ) -> Outcome<Box<Self>> {
        // What has already come is looked at before the stop, or a shutdown would lose it.
        let end = tokio::select! {
            biased;
            end = self.forward() => end.unwrap_or_else(|end| end),
            reason = stop.wait_for(Option::is_some) => {
                let reason = reason.ok().and_then(|reason| *reason);
                End::Stopped(reason.unwrap_or(StopReason::Shutdown))
            }
        };
        match end {
            End::Answered => Outcome::Over,
            End::Gone(Side::Client, error) => self.end_by_downstream(error).await,
            End::Gone(Side::Server, error) => self.end_by_upstream(error).await,
            End::Fault => self.end_by_fault().await,
            End::TooLarge(text) => {
                self.plan.fault = Some(Fault::status(Code::RESOURCE_EXHAUSTED, text));
                self.end_by_fault().await
            }
            End::Stopped(reason) => {
                if reason == StopReason::Disconnect {
                    let side = Side::Server;
                    self.log.record(EventKind::Broken { side });
                }
                Outcome::Broken(self)
            }
        }
    }

    async fn forward(&mut self) -> Result<End, End> {
        if let Some(script) = &self.plan.script {
            let kind = play(script, &mut self.body, &mut self.downstream, &self.log).await?;
            self.plan.fault = Some(Fault::of(kind));
            return Ok(End::Fault);
        }
        let after = self.plan.fault.as_ref().map(|fault| fault.after);
        let limit = match after {
            Some(After::Headers) => return Ok(End::Fault),
            Some(After::HalfClose) => {
                self.drain().await?;
                return Ok(End::Fault);
            }
            Some(After::Answers(limit)) => Some(limit),
            None => None,
        };
        let held = match self.plan.hold_request.clone() {
            Some(gate) => self.hold_request(&gate).await?,
            None => VecDeque::new(),
        };
        if self.response.is_none() {
            self.open(held.is_empty());
        }
        let response = self.response.take().expect("the call was just opened")?;
        let to = self
            .upstream_body
            .as_mut()
            .expect("the call was just opened");

        let mut request = pin!(forward_request(held, &mut self.body, to));
        let downstream = &mut self.downstream;
        let mut response = pin!(forward_response(
            downstream, response, &self.plan, limit, &self.log
        ));
        let mut requesting = true;
        loop {
            // Messages that came before a reset are recorded before it.
            tokio::select! {
                biased;
                forwarded = &mut request, if requesting => match forwarded {
                    Ok(()) => requesting = false,
                    Err(error) => return Err(End::Gone(Side::Client, error)),
                },
                end = &mut response => return end,
            }
        }
    }

    /// Reads a request that goes nowhere.
    async fn drain(&mut self) -> Result<(), End> {
        while !self.body.ended() {
            let frame = self.body.next().await;
            let frame = frame.map_err(|error| End::Gone(Side::Client, error))?;
            if let Frame::Data { received, .. } = frame {
                self.body.release(received);
            }
        }
        Ok(())
    }

    /// Waits at a gate and keeps what comes meanwhile. Nothing is given back to the window, which bounds it.
    async fn hold_request(&mut self, gate: &Gate) -> Result<VecDeque<Frame>, End> {
        let mut held = VecDeque::new();
        loop {
            tokio::select! {
                biased;
                frame = self.body.next(), if !self.body.ended() => {
                    held.push_back(frame.map_err(|error| End::Gone(Side::Client, error))?);
                }
                end = self.downstream.gone() => return Err(end),
                () = gate.wait() => return Ok(held),
            }
        }
    }

    /// Makes the call upstream.
    fn open(&mut self, nothing_held: bool) {
        let bodiless = self.body.ended() && nothing_held;
        let request = std::mem::take(&mut self.request);
        let opened = match self.upstream.send_request(request, bodiless) {
            Ok((response, upstream_body)) => {
                self.upstream_body = Some(upstream_body);
                Ok(response)
            }
            Err(error) => Err(match StreamError::from(error) {
                // Such headers came in and cannot go out: they are downstream's fault.
                invalid @ StreamError::Invalid { .. } => End::Gone(Side::Client, invalid),
                error => End::Gone(Side::Server, error),
            }),
        };
        self.response = Some(opened);
    }

    async fn end_by_downstream(mut self: Box<Self>, error: StreamError) -> Outcome<Box<Self>> {
        let better = poll_fn(|cx| Poll::Ready(self.body.read_ready(cx))).await;
        let error = match better.unwrap_or(error) {
            // A client that says GOAWAY still reads its answers. If one is lost, the connection is.
            StreamError::Refused => StreamError::Dead,
            error => error,
        };
        let (kind, reason) = as_recorded(Side::Client, error);
        let Some(reason) = reason else {
            self.log.record(kind);
            return Outcome::Broken(self);
        };
        if let Some(upstream_body) = &mut self.upstream_body {
            // A reset overtakes data that has not left yet. What the client sent before it gave up should arrive.
            self.flusher.flush(Side::Server).await;
            self.log
                .record_and(kind, || upstream_body.send_reset(reason));
        } else {
            self.log.record(kind);
        }
        Outcome::Over
    }

    async fn end_by_upstream(mut self: Box<Self>, error: StreamError) -> Outcome<Box<Self>> {
        let (kind, reason) = as_recorded(Side::Server, error);
        self.log.record(kind);
        let Some(reason) = reason else {
            return Outcome::Broken(self);
        };
        self.flusher.flush(Side::Client).await;
        self.downstream.reset(reason);
        Outcome::Over
    }

    async fn end_by_fault(mut self: Box<Self>) -> Outcome<Box<Self>> {
        let fault = self.plan.fault.take();
        match fault.expect("only a fault ends a call so").kind {
            FaultKind::Reset(code) => {
                let reason = Reason::from(code.number());
                self.log.record(cancelled(Side::Server, reason));
                self.flusher.flush(Side::Client).await;
                self.downstream.reset(reason);
                Outcome::Over
            }
            FaultKind::Status {
                code,
                message,
                details,
                metadata,
            } => {
                let mut trailers = headers::status_headers(code, &message, &details, &metadata);
                self.log.record(EventKind::Status {
                    code,
                    message,
                    details,
                    metadata,
                });
                if let Some(stream) = &mut self.downstream.stream {
                    // It fails for a client that is gone.
                    let _ = stream.send_trailers(trailers);
                } else {
                    let grpc = HeaderValue::from_static("application/grpc");
                    trailers.insert(http::header::CONTENT_TYPE, grpc);
                    let mut response = Response::new(());
                    *response.headers_mut() = trailers;
                    self.downstream.respond(response, true);
                }
                Outcome::Over
            }
            FaultKind::Answer(message) => {
                self.answer_by_fault(message);
                Outcome::Over
            }
            FaultKind::Draft(draft) => {
                self.answer_by_fault(draft.message());
                Outcome::Over
            }
            FaultKind::Disconnect => {
                let side = Side::Server;
                self.log.record(EventKind::Broken { side });
                Outcome::Disconnect(self)
            }
        }
    }
}

impl ForwardedCall {
    /// Answers with a message and OK. It fails for a client that is gone.
    fn answer_by_fault(&mut self, bytes: Bytes) {
        message(&mut self.downstream, bytes, &self.log);
        let (details, metadata) = (Bytes::new(), Metadata::new());
        let trailers = headers::status_headers(Code::OK, "", &details, &metadata);
        self.log.record(EventKind::Status {
            code: Code::OK,
            message: String::new(),
            details,
            metadata,
        });
        if let Some(stream) = &mut self.downstream.stream {
            let _ = stream.send_trailers(trailers);
        }
    }
}

/// How the record has it that one side is gone. Returns also the code that the other side is reset with, or `None` if
/// its connection has to go.
fn as_recorded(side: Side, error: StreamError) -> (EventKind, Option<Reason>) {
    match error {
        StreamError::Reset(reason) => (cancelled(side, reason), Some(reason)),
        StreamError::Refused => {
            let reason = Reason::REFUSED_STREAM;
            (cancelled(side, reason), Some(reason))
        }
        StreamError::Invalid { text, reset } => {
            let kind = EventKind::Malformed {
                from: side,
                reason: text,
            };
            (kind, reset)
        }
        StreamError::Dead => (EventKind::Broken { side }, None),
    }
}

fn cancelled(by: Side, reason: Reason) -> EventKind {
    EventKind::Cancelled {
        by,
        code: ResetCode::from(u32::from(reason)),
    }
}
