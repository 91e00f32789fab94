//! The two connections of one relay, driven together: the downstream one, which a client opened, and the upstream one,
//! which was opened for it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::SendRequest;
use h2::server::SendResponse;
use h2::{Ping, PingPong, Reason, RecvStream, client, server};
use http::Request;
use tokio::sync::{mpsc, oneshot};

use crate::address::{Address, Socket, Stream};
use crate::event::Side;

/// Bytes of one direction of one call that wait in here for the peer's window: one frame of the default size, or
/// back-pressure would be felt late.
pub(crate) const SEND_BUFFER_BYTES: usize = 16 * 1024;

/// Bytes that a peer may send ahead in one direction of one call: what HTTP/2 lets it send before it knows better.
const STREAM_WINDOW_BYTES: u32 = 65_535;

/// The same for all calls of a connection: as much as HTTP/2 knows. A call that nobody reads, or that is held, is
/// stopped by its own window and must not stop the others.
const CONNECTION_WINDOW_BYTES: u32 = (1 << 31) - 1;

/// Calls that may be reset before h2 suspects an attack and closes the connection. A program that drops all of its
/// calls at once is wrong, but no attack, and the tap has to see it.
const MAX_RESET_CALLS: usize = 10_000;

/// What happened on the connections.
#[expect(
    clippy::large_enum_variant,
    reason = "moved once per call, and kept by nobody"
)]
pub(crate) enum ConnectionEvent {
    /// A call came in.
    Call(Request<RecvStream>, SendResponse<Bytes>),
    /// A connection ended.
    Over,
    /// All that both sides had sent before [`Relay::ping`] has been read.
    Drained,
}

/// Two connections.
pub(crate) struct Relay {
    downstream: server::Connection<Socket, Bytes>,
    upstream: client::Connection<Socket, Bytes>,
    /// Makes calls upstream.
    send_request: SendRequest<Bytes>,
    downstream_stalled: Arc<AtomicBool>,
    upstream_stalled: Arc<AtomicBool>,
    downstream_over: bool,
    upstream_over: bool,
    /// Upstream said GOAWAY, and so did the tap.
    going_away: bool,
    /// The code with which the upstream connection ended, to be passed on.
    reason: Option<Reason>,
    force_close: bool,
    pinging: bool,
    downstream_ping: Option<PingPong>,
    upstream_ping: Option<PingPong>,
    flushes: mpsc::UnboundedReceiver<(Side, oneshot::Sender<()>)>,
    flusher: Flusher,
    waiting: Vec<(Side, oneshot::Sender<()>)>,
}

/// Asks the relay to write out what is queued.
#[derive(Clone, Debug)]
pub(crate) struct Flusher(mpsc::UnboundedSender<(Side, oneshot::Sender<()>)>);

impl Flusher {
    /// Returns when the kernel has all that the windows of `side` allow, or when its connection is over.
    pub(crate) async fn flush(&self, side: Side) {
        let (done, flushed) = oneshot::channel();
        // Either fails when the relay is gone, and then there is nothing to write to.
        let _ = self.0.send((side, done));
        let _ = flushed.await;
    }
}

impl Relay {
    /// Dials upstream and shakes hands with both. Upstream comes first: a client whose server is not there must see a
    /// connection that closes, not one that works. Both streams go to `back` when the relay is dropped.
    pub(crate) async fn connect(
        downstream: Stream,
        upstream: &Address,
        back: mpsc::UnboundedSender<Stream>,
    ) -> io::Result<Self> {
        let (downstream, downstream_stalled) = Socket::new(downstream, back.clone());
        let (upstream, upstream_stalled) = Socket::new(upstream.dial().await?, back);
        let connect = client_builder().handshake(upstream).await;
        let (send_request, mut upstream) = connect.map_err(io::Error::other)?;
        let downstream = tokio::select! {
            biased;
            shaken = server_builder().handshake(downstream) => shaken.map_err(io::Error::other)?,
            _ = &mut upstream => return Err(io::ErrorKind::ConnectionReset.into()),
        };
        let (flusher, flushes) = mpsc::unbounded_channel();
        Ok(Self {
            downstream,
            upstream,
            send_request,
            downstream_stalled,
            upstream_stalled,
            downstream_over: false,
            upstream_over: false,
            going_away: false,
            reason: None,
            force_close: false,
            pinging: false,
            downstream_ping: None,
            upstream_ping: None,
            flushes,
            flusher: Flusher(flusher),
            waiting: Vec::new(),
        })
    }

    pub(crate) fn send_request(&self) -> SendRequest<Bytes> {
        self.send_request.clone()
    }

    pub(crate) fn flusher(&self) -> Flusher {
        self.flusher.clone()
    }

    /// Answers every flush at once from now on: a peer that does not read must not hold up the end.
    pub(crate) fn force_close(&mut self) {
        self.force_close = true;
    }

    /// Drives both connections until something happens. Nothing moves unless this is polled.
    pub(crate) fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<ConnectionEvent> {
        // Before the connections are polled: what was queued before a flush was asked for is then written below.
        while let Poll::Ready(Some(flush)) = self.flushes.poll_recv(cx) {
            self.waiting.push(flush);
        }
        if !self.upstream_over {
            if let Poll::Ready(ended) = Pin::new(&mut self.upstream).poll(cx) {
                self.upstream_over = true;
                let reason = ended.err().filter(|error| error.is_go_away());
                self.reason = reason.and_then(|error| error.reason());
                return Poll::Ready(ConnectionEvent::Over);
            }
            self.notice_goaway(cx);
        }
        if !self.downstream_over {
            match self.downstream.poll_accept(cx) {
                Poll::Ready(Some(Ok((request, respond)))) => {
                    return Poll::Ready(ConnectionEvent::Call(request, respond));
                }
                Poll::Ready(Some(Err(_)) | None) => {
                    self.downstream_over = true;
                    return Poll::Ready(ConnectionEvent::Over);
                }
                Poll::Pending => {}
            }
        }
        self.answer_flushes();
        if self.pinging && self.pongs_are_back(cx) {
            self.pinging = false;
            return Poll::Ready(ConnectionEvent::Drained);
        }
        Poll::Pending
    }

    /// h2 reports a GOAWAY only to whoever asks for another call. The client has to learn of it before it makes one.
    fn notice_goaway(&mut self, cx: &mut Context<'_>) {
        if !self.going_away && matches!(self.send_request.poll_ready(cx), Poll::Ready(Err(_))) {
            self.going_away = true;
            self.downstream.graceful_shutdown();
        }
    }

    fn answer_flushes(&mut self) {
        let unwritten = |side: Side| match side {
            Side::Client => {
                !self.downstream_over && self.downstream_stalled.load(Ordering::Relaxed)
            }
            Side::Server => !self.upstream_over && self.upstream_stalled.load(Ordering::Relaxed),
        };
        let force_close = self.force_close;
        for (side, done) in std::mem::take(&mut self.waiting) {
            if !force_close && unwritten(side) {
                self.waiting.push((side, done));
            } else {
                // It fails for a call that does not wait any more.
                let _ = done.send(());
            }
        }
    }

    /// Lets the downstream connection end by itself where the upstream one has ended with a code, which is passed on, or
    /// with a GOAWAY. `false` if it is to be closed without a word, as the upstream one was.
    pub(crate) fn close_in_order(&mut self) -> bool {
        if self.downstream_over || !self.upstream_over {
            return false;
        }
        if let Some(reason) = self.reason.take() {
            self.going_away = true;
            self.downstream.abrupt_shutdown(reason);
        }
        self.going_away
    }

    /// Pings both sides. When a ping comes back, all that its side had sent before has been read.
    pub(crate) fn ping(&mut self) {
        // It fails on a connection that is over, which has been read to its end.
        let send = |mut ping: PingPong| ping.send_ping(Ping::opaque()).is_ok().then_some(ping);
        self.pinging = true;
        self.downstream_ping = self.downstream.ping_pong().and_then(send);
        self.upstream_ping = self.upstream.ping_pong().and_then(send);
    }

    fn pongs_are_back(&mut self, cx: &mut Context<'_>) -> bool {
        let mut waits = |ping: &mut Option<PingPong>, over: bool| {
            ping.take_if(|ping| over || ping.poll_pong(cx).is_ready());
            ping.is_some()
        };
        let downstream_waits = waits(&mut self.downstream_ping, self.downstream_over);
        let upstream_waits = waits(&mut self.upstream_ping, self.upstream_over);
        !downstream_waits && !upstream_waits
    }
}

/// No limit of concurrent calls: the upstream connection keeps the server's limit, and queues what is above it.
fn server_builder() -> server::Builder {
    let mut builder = server::Builder::new();
    builder
        .initial_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buffer_size(SEND_BUFFER_BYTES)
        .max_concurrent_reset_streams(MAX_RESET_CALLS)
        .max_pending_accept_reset_streams(MAX_RESET_CALLS)
        .max_local_error_reset_streams(None);
    builder
}

fn client_builder() -> client::Builder {
    let mut builder = client::Builder::new();
    builder
        .enable_push(false)
        .initial_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buffer_size(SEND_BUFFER_BYTES)
        .max_concurrent_reset_streams(MAX_RESET_CALLS)
        .max_pending_accept_reset_streams(MAX_RESET_CALLS)
        .max_local_error_reset_streams(None);
    builder
}
