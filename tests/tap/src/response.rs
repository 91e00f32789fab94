//! The way back of one call: what upstream answers, on to downstream.

use std::future::poll_fn;
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::ResponseFuture;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use http::{HeaderMap, Response, StatusCode};

use crate::end::End;
use crate::event::{EventKind, Side};
use crate::gate::Gate;
use crate::header_size;
use crate::headers;
use crate::plan::CallPlan;
use crate::recorder::Log;
use crate::stream::{BodyReader, Frame, StreamError, forward};

/// The client, as someone to write to.
pub(crate) struct Downstream {
    pub(crate) respond: SendResponse<Bytes>,
    /// There once the headers of the answer are sent.
    pub(crate) stream: Option<SendStream<Bytes>>,
}

impl Downstream {
    /// Returns when the client has given up, or its connection is dead.
    pub(crate) async fn gone(&mut self) -> End {
        End::Gone(Side::Client, poll_fn(|cx| self.poll_gone(cx)).await)
    }

    /// Waits at a gate, if there is one. `Err` if the client has given up first.
    async fn wait(&mut self, gate: Option<&Gate>) -> Result<(), End> {
        let Some(gate) = gate else {
            return Ok(());
        };
        tokio::select! {
            biased;
            end = self.gone() => Err(end),
            () = gate.wait() => Ok(()),
        }
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<StreamError> {
        let reset = match &mut self.stream {
            Some(stream) => stream.poll_reset(cx),
            None => self.respond.poll_reset(cx),
        };
        reset.map(|reset| reset.map_or_else(StreamError::from, StreamError::Reset))
    }

    pub(crate) fn respond(&mut self, response: Response<()>, last: bool) {
        // It fails for a client that is gone, which is seen next.
        self.stream = self.respond.send_response(response, last).ok();
    }

    pub(crate) fn reset(&mut self, reason: Reason) {
        match &mut self.stream {
            Some(stream) => stream.send_reset(reason),
            None => self.respond.send_reset(reason),
        }
    }
}

/// Forwards what upstream answers, to its end or to the limit of messages.
pub(crate) async fn forward_response(
    downstream: &mut Downstream,
    response: ResponseFuture,
    plan: &CallPlan,
    limit: Option<u32>,
    log: &Log,
) -> Result<End, End> {
    let upstream_gone = |error| End::Gone(Side::Server, error);
    downstream.wait(plan.hold_answer.as_ref()).await?;
    let response = tokio::select! {
        biased;
        end = downstream.gone() => return Err(end),
        response = response => response.map_err(|error| upstream_gone(error.into()))?,
    };
    if limit == Some(0) {
        return Ok(End::Fault);
    }
    check_size(header_size::check_response(&response), log)?;
    let (parts, body) = response.into_parts();
    let bodiless = body.is_end_stream();
    let valid = check_head(parts.status, &parts.headers, log);
    // A status in the headers is the whole answer, even where the end comes in a frame of its own.
    let early = parts.headers.contains_key(headers::STATUS);
    let early = early.then(|| parts.headers.clone());
    if bodiless {
        record_end(&parts.headers, valid, log);
    } else if early.is_none() {
        let metadata = headers::metadata(&parts.headers);
        log.record(EventKind::Response { metadata });
    }
    downstream.respond(Response::from_parts(parts, ()), bodiless);
    if bodiless {
        return Ok(End::Answered);
    }
    downstream.wait(plan.hold_messages.as_ref()).await?;

    let mut body_reader = BodyReader::new(body, Side::Server, log.clone(), limit);
    loop {
        if let Some((messages, gate)) = &plan.hold_after
            && body_reader.messages() >= *messages
        {
            downstream.wait(Some(gate)).await?;
        }
        let frame = tokio::select! {
            biased;
            end = downstream.gone() => return Err(end),
            frame = body_reader.next() => frame.map_err(upstream_gone)?,
        };
        match &frame {
            Frame::Trailers(trailers) => {
                check_size(header_size::check_trailers(trailers), log)?;
                record_end(trailers, valid, log);
            }
            Frame::Data { last: true, .. } | Frame::End => {
                record_end(early.as_ref().unwrap_or(&HeaderMap::new()), valid, log);
            }
            Frame::Data { .. } => {}
        }
        let cut = matches!(frame, Frame::Data { cut: true, .. });
        let stream = downstream.stream.as_mut();
        let forwarded = match stream {
            Some(stream) => forward(frame, &mut body_reader, stream).await.is_ok(),
            None => false,
        };
        if cut {
            return Ok(End::Fault);
        }
        if body_reader.ended() {
            return Ok(End::Answered);
        }
        if !forwarded {
            return Err(downstream.gone().await);
        }
    }
}

/// Records that headers or trailers are too large. `Err` ends the call.
fn check_size(checked: Result<(), String>, log: &Log) -> Result<(), End> {
    let refusal = checked.clone().err().map(End::TooLarge);
    log.record_malformed(Side::Server, checked);
    refusal.map_or(Ok(()), Err)
}

/// Records what is wrong with the head of an answer, and returns whether nothing is.
fn check_head(status: StatusCode, headers: &HeaderMap, log: &Log) -> bool {
    let checked = if status == StatusCode::OK {
        headers::check_content_type(headers)
    } else {
        Err(format!("the HTTP status is {}", status.as_u16()))
    };
    log.record_malformed(Side::Server, checked)
}

/// Records the status, or that there is none, unless it is clear already that this is not gRPC.
fn record_end(trailers: &HeaderMap, valid: bool, log: &Log) {
    match headers::status(trailers) {
        Ok(status) => log.record(status),
        Err(reason) if valid => {
            log.record_malformed(Side::Server, Err(reason));
        }
        Err(_) => {}
    }
}
