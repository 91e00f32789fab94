//! One direction of one call: reading it, recording its messages, and writing it on.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::{Reason, RecvStream, SendStream};
use http::HeaderMap;

use crate::event::{EventKind, Side};
use crate::message_reader::MessageReader;
use crate::recorder::Log;

/// Why one side of a call is not there any more.
#[derive(Debug)]
pub(crate) enum StreamError {
    /// It sent RST_STREAM.
    Reset(Reason),
    /// It sent GOAWAY before it looked at the call, which may be made again elsewhere.
    Refused,
    /// It broke the rules of HTTP/2. The call ends with a reset of this reason, or without one the whole connection.
    Invalid { text: String, reset: Option<Reason> },
    /// Its connection is dead.
    Dead,
}

impl From<h2::Error> for StreamError {
    fn from(error: h2::Error) -> Self {
        match error.reason() {
            Some(reason) if error.is_reset() && error.is_remote() => Self::Reset(reason),
            Some(Reason::NO_ERROR) if error.is_go_away() && error.is_remote() => Self::Refused,
            _ if error.is_io() || (error.is_go_away() && error.is_remote()) => Self::Dead,
            reason => Self::Invalid {
                text: error.to_string(),
                reset: reason.filter(|_| error.is_reset()),
            },
        }
    }
}

/// What comes next in one direction.
#[derive(Debug)]
pub(crate) enum Frame {
    /// The payload of a DATA frame, or what may be passed on of it.
    Data {
        bytes: Bytes,
        /// Bytes that came in the frame, to give back to the flow-control window.
        received: usize,
        /// Nothing comes after it.
        last: bool,
        /// It ends where the limit of messages was reached.
        cut: bool,
    },
    /// Trailers, after which nothing comes.
    Trailers(HeaderMap),
    /// The end, in an empty frame of its own.
    End,
}

/// What one side sends in one call. Each message is recorded when its last byte is read, the client's half-close as
/// soon as it is known.
#[derive(Debug)]
pub(crate) struct BodyReader {
    body: RecvStream,
    from: Side,
    log: Log,
    /// `None` once the bytes have stopped to make sense. They are still passed on: it is the peer who must judge them.
    reader: Option<MessageReader>,
    /// Messages that may still be passed on.
    limit: Option<u32>,
    /// Messages that were read.
    messages: u32,
    data_done: bool,
    ended: bool,
}

impl BodyReader {
    pub(crate) fn new(body: RecvStream, from: Side, log: Log, limit: Option<u32>) -> Self {
        let mut body_reader = Self {
            from,
            log,
            limit,
            messages: 0,
            reader: Some(MessageReader::default()),
            data_done: false,
            ended: false,
            body,
        };
        if body_reader.body.is_end_stream() {
            body_reader.end();
        }
        body_reader
    }

    /// How many messages were read.
    pub(crate) fn messages(&self) -> u32 {
        self.messages
    }

    /// Whether all has been read.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    pub(crate) async fn next(&mut self) -> Result<Frame, StreamError> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Frame, StreamError>> {
        if !self.data_done {
            match ready!(self.body.poll_data(cx)) {
                Some(Ok(mut bytes)) => {
                    let received = bytes.len();
                    let cut = self.read(&bytes);
                    if let Some(length) = cut {
                        bytes.truncate(length);
                    }
                    let last = self.body.is_end_stream() && cut.is_none();
                    if last {
                        self.end();
                    }
                    return Poll::Ready(Ok(Frame::Data {
                        bytes,
                        received,
                        last,
                        cut: cut.is_some(),
                    }));
                }
                Some(Err(error)) => return Poll::Ready(Err(error.into())),
                None => self.data_done = true,
            }
        }
        let trailers = ready!(self.body.poll_trailers(cx))?;
        self.end();
        Poll::Ready(Ok(trailers.map_or(Frame::End, Frame::Trailers)))
    }

    /// Lets the sender send as much again. Only what has been passed on is given back, so that a peer that does not
    /// read stops the one that writes.
    pub(crate) fn release(&mut self, received: usize) {
        // It fails on a stream that is over, which needs no window.
        let _ = self.body.flow_control().release_capacity(received);
    }

    /// Reads what is already there from a side that is gone. It knows best why the side is gone.
    pub(crate) fn read_ready(&mut self, cx: &mut Context<'_>) -> Option<StreamError> {
        while !self.ended {
            match self.poll_next(cx) {
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Some(error),
                Poll::Pending => return None,
            }
        }
        match self.body.poll_data(cx) {
            Poll::Ready(Some(Err(error))) => Some(error.into()),
            _ => None,
        }
    }

    /// Records the messages that `bytes` complete, and says where the limit cuts them.
    fn read(&mut self, bytes: &Bytes) -> Option<usize> {
        let reader = self.reader.as_mut()?;
        reader.push(bytes.clone());
        loop {
            match reader.next() {
                Ok(Some(message)) => {
                    self.messages += 1;
                    self.log.record(EventKind::Message {
                        from: self.from,
                        compressed: message.compressed,
                        bytes: message.bytes,
                    });
                }
                Ok(None) => return None,
                Err(reason) => {
                    self.malformed(reason);
                    return None;
                }
            }
            if let Some(limit) = &mut self.limit {
                *limit = limit.saturating_sub(1);
                if *limit == 0 {
                    return Some(bytes.len() - reader.buffered());
                }
            }
        }
    }

    fn end(&mut self) {
        self.ended = true;
        if let Some(Err(reason)) = self.reader.as_ref().map(MessageReader::finish) {
            self.malformed(reason);
        }
        if self.from == Side::Client {
            self.log.record(EventKind::HalfClose);
        }
    }

    fn malformed(&mut self, reason: String) {
        self.reader = None;
        let from = self.from;
        self.log.record(EventKind::Malformed { from, reason });
    }
}

/// Forwards what downstream sends until it has sent all, or until upstream takes no more of it. The answer says why it
/// does not. `Err`: downstream is gone.
pub(crate) async fn forward_request(
    held: VecDeque<Frame>,
    from: &mut BodyReader,
    to: &mut SendStream<Bytes>,
) -> Result<(), StreamError> {
    for frame in held {
        if forward(frame, from, to).await.is_err() {
            return Ok(());
        }
    }
    while !from.ended() {
        let frame = from.next().await?;
        if forward(frame, from, to).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes one frame. `Err`: the stream is closed.
pub(crate) async fn forward(
    frame: Frame,
    from: &mut BodyReader,
    to: &mut SendStream<Bytes>,
) -> Result<(), Closed> {
    match frame {
        Frame::Data {
            bytes,
            received,
            last,
            ..
        } => {
            write(to, bytes, last).await?;
            from.release(received);
            Ok(())
        }
        Frame::Trailers(trailers) => to.send_trailers(trailers).map_err(|_| Closed),
        Frame::End => write(to, Bytes::new(), true).await,
    }
}

/// A stream takes no more. Whoever listens on it knows why.
#[derive(Debug)]
pub(crate) struct Closed;

/// Writes bytes as the peer's window allows, so that no more than [`SEND_BUFFER_BYTES`](crate::relay::SEND_BUFFER_BYTES) of them
/// wait in here.
async fn write(to: &mut SendStream<Bytes>, mut bytes: Bytes, last: bool) -> Result<(), Closed> {
    loop {
        // An empty frame needs no window, and may be the only one that says "last".
        let mut room = bytes.len();
        if room > 0 {
            to.reserve_capacity(room);
            while to.capacity() == 0 {
                match poll_fn(|cx| to.poll_capacity(cx)).await {
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(Closed),
                }
            }
            room = room.min(to.capacity());
        }
        let part = bytes.split_to(room);
        to.send_data(part, last && bytes.is_empty())
            .map_err(|_| Closed)?;
        if bytes.is_empty() {
            return Ok(());
        }
    }
}
