//! One call: forwarding it, recording it, and ending it the way it ended.
//!
//! A call ends in the record with at most one of `Status`, `Cancelled` and `Broken`, or with `Malformed` where an
//! answer has no status, and nothing comes after that. It has no end if its tap was shut down first.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use bytes::{BufMut, Bytes, BytesMut};
use h2::client::{ResponseFuture, SendRequest};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderValue, Request, Response};
use tokio::sync::watch;

use crate::answer::{Client, answer};
use crate::event::{Kind, Metadata, Side};
use crate::gate::Gate;
use crate::headers;
use crate::plan::{After, CallPlan, FaultKind};
use crate::recorder::Log;
use crate::relay::Flusher;
use crate::stream::{Gone, Inlet, Piece, upload};

/// Everything that belongs to one call. While it is kept, neither peer is told anything more of the call.
pub(crate) struct Call {
    log: Log,
    plan: CallPlan,
    request: Request<()>,
    inlet: Inlet,
    client: Client,
    upstream: SendRequest<Bytes>,
    /// Both are there once the server has heard of the call.
    to_server: Option<SendStream<Bytes>>,
    response: Option<Result<ResponseFuture, End>>,
    flusher: Flusher,
}

/// What a connection learns of a call that is over.
pub(crate) enum Outcome {
    /// Both sides know that it is over.
    Over,
    /// A connection died under it. To be dropped only after both connections: to drop it before would send a reset,
    /// where the other side should see the connection die.
    Broken(Box<Call>),
    /// Its fault is to close the connection. To be dropped as late.
    Disconnect(Box<Call>),
}

/// Why a call has to stop, from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Halt {
    /// Another call's fault closes their connection.
    Disconnect,
    /// The tap shuts down.
    Shutdown,
}

/// How a call ended.
pub(crate) enum End {
    Answered,
    Gone(Side, Gone),
    Fault,
    Halted(Halt),
}

impl Call {
    /// Begins a call, and tells the server of it at once unless the plan is against it: the server hears of calls in
    /// the order in which they came.
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
            inlet: Inlet::new(body, Side::Client, log.clone(), None),
            log,
            plan,
            request,
            client: Client {
                respond,
                stream: None,
            },
            upstream,
            to_server: None,
            response: None,
            flusher,
        });
        let after = call.plan.fault.as_ref().map(|fault| fault.after);
        let heard = !matches!(after, Some(After::Headers | After::HalfClose));
        if heard && call.plan.hold_request.is_none() {
            call.open(true);
        }
        call
    }

    pub(crate) async fn run(
        mut self: Box<Self>,
        mut halt: watch::Receiver<Option<Halt>>,
    ) -> Outcome {
        // What has already come is looked at before the halt, or a shutdown would lose it.
        let end = tokio::select! {
            biased;
            end = self.forward() => end.unwrap_or_else(|end| end),
            halt = halt.wait_for(Option::is_some) => {
                let halt = halt.ok().and_then(|halt| *halt);
                End::Halted(halt.unwrap_or(Halt::Shutdown))
            }
        };
        match end {
            End::Answered => Outcome::Over,
            End::Gone(Side::Client, gone) => self.end_by_client(gone).await,
            End::Gone(Side::Server, gone) => self.end_by_server(gone).await,
            End::Fault => self.end_by_fault().await,
            End::Halted(halt) => {
                if halt == Halt::Disconnect {
                    let side = Side::Server;
                    self.log.record(Kind::Broken { side });
                }
                Outcome::Broken(self)
            }
        }
    }

    async fn forward(&mut self) -> Result<End, End> {
        let after = self.plan.fault.as_ref().map(|fault| fault.after);
        let limit = match after {
            Some(After::Headers) => return Ok(End::Fault),
            Some(After::HalfClose) => {
                self.absorb().await?;
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
        let to_server = self.to_server.as_mut().expect("the call was just opened");

        let mut upload = pin!(upload(held, &mut self.inlet, to_server));
        let gate = self.plan.hold_answer.as_ref();
        let mut answer = pin!(answer(&mut self.client, response, gate, limit, &self.log));
        let mut uploading = true;
        loop {
            // Messages that came before a reset are recorded before it.
            tokio::select! {
                biased;
                uploaded = &mut upload, if uploading => match uploaded {
                    Ok(()) => uploading = false,
                    Err(gone) => return Err(End::Gone(Side::Client, gone)),
                },
                end = &mut answer => return end,
            }
        }
    }

    /// Reads a request that goes nowhere.
    async fn absorb(&mut self) -> Result<(), End> {
        while !self.inlet.ended() {
            let piece = self.inlet.next().await;
            let piece = piece.map_err(|gone| End::Gone(Side::Client, gone))?;
            if let Piece::Data { received, .. } = piece {
                self.inlet.release(received);
            }
        }
        Ok(())
    }

    /// Waits at a gate and keeps what comes meanwhile. Nothing is given back to the window, which bounds it.
    async fn hold_request(&mut self, gate: &Gate) -> Result<VecDeque<Piece>, End> {
        let mut held = VecDeque::new();
        loop {
            tokio::select! {
                biased;
                piece = self.inlet.next(), if !self.inlet.ended() => {
                    held.push_back(piece.map_err(|gone| End::Gone(Side::Client, gone))?);
                }
                gone = self.client.gone() => return Err(gone),
                () = gate.wait() => return Ok(held),
            }
        }
    }

    /// Tells the server of the call.
    fn open(&mut self, nothing_held: bool) {
        let bodiless = self.inlet.ended() && nothing_held;
        let request = std::mem::take(&mut self.request);
        let opened = match self.upstream.send_request(request, bodiless) {
            Ok((response, to_server)) => {
                self.to_server = Some(to_server);
                Ok(response)
            }
            Err(error) => Err(match Gone::from(error) {
                // Such headers came in and cannot go out: they are the client's.
                gone @ Gone::Invalid { .. } => End::Gone(Side::Client, gone),
                gone => End::Gone(Side::Server, gone),
            }),
        };
        self.response = Some(opened);
    }

    async fn end_by_client(mut self: Box<Self>, gone: Gone) -> Outcome {
        let better = poll_fn(|cx| Poll::Ready(self.inlet.drain(cx))).await;
        let gone = match better.unwrap_or(gone) {
            // A client that says GOAWAY still reads its answers. If one is lost, the connection is.
            Gone::Refused => Gone::Dead,
            gone => gone,
        };
        let (kind, reason) = gone_as(Side::Client, gone);
        let Some(reason) = reason else {
            self.log.record(kind);
            return Outcome::Broken(self);
        };
        if let Some(to_server) = &mut self.to_server {
            // A reset overtakes data that has not left yet. What the client sent before it gave up should arrive.
            self.flusher.flush(Side::Server).await;
            self.log.record_and(kind, || to_server.send_reset(reason));
        } else {
            self.log.record(kind);
        }
        Outcome::Over
    }

    async fn end_by_server(mut self: Box<Self>, gone: Gone) -> Outcome {
        let (kind, reason) = gone_as(Side::Server, gone);
        self.log.record(kind);
        let Some(reason) = reason else {
            return Outcome::Broken(self);
        };
        self.flusher.flush(Side::Client).await;
        self.client.reset(reason);
        Outcome::Over
    }

    async fn end_by_fault(mut self: Box<Self>) -> Outcome {
        let fault = self.plan.fault.take();
        match fault.expect("only a fault ends a call so").kind {
            FaultKind::Reset(code) => {
                let reason = Reason::from(code);
                self.log.record(cancelled(Side::Server, reason));
                self.flusher.flush(Side::Client).await;
                self.client.reset(reason);
                Outcome::Over
            }
            FaultKind::Status {
                code,
                message,
                details,
                metadata,
            } => {
                let mut trailers = headers::status_headers(code, &message, &details, &metadata);
                self.log.record(Kind::Status {
                    code,
                    message,
                    details,
                    metadata,
                });
                if let Some(stream) = &mut self.client.stream {
                    // It fails for a client that is gone.
                    let _ = stream.send_trailers(trailers);
                } else {
                    let grpc = HeaderValue::from_static("application/grpc");
                    trailers.insert(http::header::CONTENT_TYPE, grpc);
                    let mut response = Response::new(());
                    *response.headers_mut() = trailers;
                    self.client.respond(response, true);
                }
                Outcome::Over
            }
            FaultKind::Answer(message) => {
                self.answer_by_fault(message);
                Outcome::Over
            }
            FaultKind::Disconnect => {
                let side = Side::Server;
                self.log.record(Kind::Broken { side });
                Outcome::Disconnect(self)
            }
        }
    }
}

impl Call {
    /// Answers with a message and OK. It fails for a client that is gone.
    fn answer_by_fault(&mut self, bytes: Bytes) {
        if self.client.stream.is_none() {
            let metadata = Metadata::new();
            self.log.record(Kind::Response { metadata });
            let mut response = Response::new(());
            let grpc = HeaderValue::from_static("application/grpc");
            let headers = response.headers_mut();
            headers.insert(http::header::CONTENT_TYPE, grpc);
            self.client.respond(response, false);
        }
        let mut framed = BytesMut::with_capacity(5 + bytes.len());
        framed.put_u8(0);
        framed.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        framed.put_slice(&bytes);
        self.log.record(Kind::Message {
            from: Side::Server,
            compressed: false,
            bytes,
        });
        let (details, metadata) = (Bytes::new(), Metadata::new());
        let trailers = headers::status_headers(0, "", &details, &metadata);
        self.log.record(Kind::Status {
            code: 0,
            message: String::new(),
            details,
            metadata,
        });
        if let Some(stream) = &mut self.client.stream {
            let _ = stream.send_data(framed.freeze(), false);
            let _ = stream.send_trailers(trailers);
        }
    }
}

/// How the record has it that one side is gone. Returns also what the other side is told, or `None` if its connection has to
/// go.
fn gone_as(side: Side, gone: Gone) -> (Kind, Option<Reason>) {
    match gone {
        Gone::Reset(reason) => (cancelled(side, reason), Some(reason)),
        Gone::Refused => {
            let reason = Reason::REFUSED_STREAM;
            (cancelled(side, reason), Some(reason))
        }
        Gone::Invalid { text, reset } => {
            let kind = Kind::Malformed {
                from: side,
                reason: text,
            };
            (kind, reset)
        }
        Gone::Dead => (Kind::Broken { side }, None),
    }
}

fn cancelled(by: Side, reason: Reason) -> Kind {
    Kind::Cancelled {
        by,
        code: reason.into(),
    }
}
