//! The way back of one call: what the server answers, on to the client.

use std::future::poll_fn;
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::ResponseFuture;
use h2::server::SendResponse;
use h2::{Reason, SendStream};
use http::{HeaderMap, Response, StatusCode};

use crate::call::End;
use crate::event::{Kind, Side};
use crate::gate::Gate;
use crate::headers;
use crate::recorder::Log;
use crate::stream::{Gone, Inlet, Piece, pass_on};

/// The client, as someone to write to.
pub(crate) struct Client {
    pub(crate) respond: SendResponse<Bytes>,
    /// There once the headers of the answer are sent.
    pub(crate) stream: Option<SendStream<Bytes>>,
}

impl Client {
    /// Returns when the client has given up, or its connection is dead.
    pub(crate) async fn gone(&mut self) -> End {
        End::Gone(Side::Client, poll_fn(|cx| self.poll_gone(cx)).await)
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<Gone> {
        let reset = match &mut self.stream {
            Some(stream) => stream.poll_reset(cx),
            None => self.respond.poll_reset(cx),
        };
        reset.map(|reset| reset.map_or_else(Gone::from, Gone::Reset))
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

/// Passes on what the server answers, to its end or to the limit of messages.
pub(crate) async fn answer(
    client: &mut Client,
    response: ResponseFuture,
    gate: Option<&Gate>,
    limit: Option<u32>,
    log: &Log,
) -> Result<End, End> {
    let server_gone = |gone| End::Gone(Side::Server, gone);
    if let Some(gate) = gate {
        tokio::select! {
            biased;
            gone = client.gone() => return Err(gone),
            () = gate.wait() => {}
        }
    }
    let response = tokio::select! {
        biased;
        gone = client.gone() => return Err(gone),
        response = response => response.map_err(|error| server_gone(error.into()))?,
    };
    if limit == Some(0) {
        return Ok(End::Fault);
    }
    let (parts, body) = response.into_parts();
    let bodiless = body.is_end_stream();
    let sound = check_head(parts.status, &parts.headers, log);
    // A status in the headers is the whole answer, even where the end comes in a frame of its own.
    let early = parts.headers.contains_key(headers::STATUS);
    let early = early.then(|| parts.headers.clone());
    if bodiless {
        record_end(&parts.headers, sound, log);
    } else if early.is_none() {
        let metadata = headers::metadata(&parts.headers);
        log.record(Kind::Response { metadata });
    }
    client.respond(Response::from_parts(parts, ()), bodiless);
    if bodiless {
        return Ok(End::Answered);
    }

    let mut inlet = Inlet::new(body, Side::Server, log.clone(), limit);
    loop {
        let piece = tokio::select! {
            biased;
            gone = client.gone() => return Err(gone),
            piece = inlet.next() => piece.map_err(server_gone)?,
        };
        match &piece {
            Piece::Trailers(trailers) => record_end(trailers, sound, log),
            Piece::Data { last: true, .. } | Piece::End => {
                record_end(early.as_ref().unwrap_or(&HeaderMap::new()), sound, log);
            }
            Piece::Data { .. } => {}
        }
        let cut = matches!(piece, Piece::Data { cut: true, .. });
        let stream = client.stream.as_mut();
        let passed = match stream {
            Some(stream) => pass_on(piece, &mut inlet, stream).await.is_ok(),
            None => false,
        };
        if cut {
            return Ok(End::Fault);
        }
        if inlet.ended() {
            return Ok(End::Answered);
        }
        if !passed {
            return Err(client.gone().await);
        }
    }
}

/// Records what is wrong with the head of an answer, and returns whether nothing is.
fn check_head(status: StatusCode, headers: &HeaderMap, log: &Log) -> bool {
    let checked = if status == StatusCode::OK {
        headers::check_content_type(headers)
    } else {
        Err(format!("the HTTP status is {}", status.as_u16()))
    };
    record_malformed(Side::Server, checked, log)
}

/// Records the status, or that there is none, unless it is clear already that this is not gRPC.
fn record_end(trailers: &HeaderMap, sound: bool, log: &Log) {
    match headers::status(trailers) {
        Ok(status) => log.record(status),
        Err(reason) if sound => {
            record_malformed(Side::Server, Err(reason), log);
        }
        Err(_) => {}
    }
}

/// Records what is wrong, and returns whether nothing is.
pub(crate) fn record_malformed(from: Side, checked: Result<(), String>, log: &Log) -> bool {
    match checked {
        Ok(()) => true,
        Err(reason) => {
            log.record(Kind::Malformed { from, reason });
            false
        }
    }
}
