//! The two connections of one relay, driven together: the client's and the one that was opened for it.

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
pub(crate) const SEND_BUFFER: usize = 16 * 1024;

/// Bytes that a peer may send ahead in one direction of one call: what HTTP/2 lets it send before it knows better.
const STREAM_WINDOW: u32 = 65_535;

/// The same for all calls of a connection: as much as HTTP/2 knows. A call that nobody reads, or that is held, is
/// stopped by its own window and must not stop the others.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;

/// Calls that may be reset before h2 suspects an attack and closes the connection. A program that drops all of its
/// calls at once is wrong, but no attack, and the tap has to see it.
const RESETS: usize = 10_000;

/// What happened on the connections.
#[expect(
    clippy::large_enum_variant,
    reason = "moved once per call, and kept by nobody"
)]
pub(crate) enum Turn {
    /// A call came in.
    Call(Request<RecvStream>, SendResponse<Bytes>),
    /// A connection ended.
    Over,
    /// All that both sides had sent before [`Relay::ping`] has been read.
    Drained,
}

/// Two connections.
pub(crate) struct Relay {
    down: server::Connection<Socket, Bytes>,
    up: client::Connection<Socket, Bytes>,
    upstream: SendRequest<Bytes>,
    down_stalled: Arc<AtomicBool>,
    up_stalled: Arc<AtomicBool>,
    down_over: bool,
    up_over: bool,
    /// The server said GOAWAY, and so did we.
    going_away: bool,
    /// The code with which the server's connection ended, to be passed on.
    reason: Option<Reason>,
    hurry: bool,
    pinging: bool,
    down_ping: Option<PingPong>,
    up_ping: Option<PingPong>,
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
    /// Dials the server and shakes hands with both. The server comes first: a client whose server is not there
    /// must see a connection that closes, not one that works. Both streams go to `back` when the relay is dropped.
    pub(crate) async fn connect(
        client: Stream,
        server: &Address,
        back: mpsc::UnboundedSender<Stream>,
    ) -> io::Result<Self> {
        let (down, down_stalled) = Socket::new(client, back.clone());
        let (up, up_stalled) = Socket::new(server.dial().await?, back);
        let connect = client_builder().handshake(up).await;
        let (upstream, mut up) = connect.map_err(io::Error::other)?;
        let down = tokio::select! {
            biased;
            down = server_builder().handshake(down) => down.map_err(io::Error::other)?,
            _ = &mut up => return Err(io::ErrorKind::ConnectionReset.into()),
        };
        let (flusher, flushes) = mpsc::unbounded_channel();
        Ok(Self {
            down,
            up,
            upstream,
            down_stalled,
            up_stalled,
            down_over: false,
            up_over: false,
            going_away: false,
            reason: None,
            hurry: false,
            pinging: false,
            down_ping: None,
            up_ping: None,
            flushes,
            flusher: Flusher(flusher),
            waiting: Vec::new(),
        })
    }

    pub(crate) fn upstream(&self) -> SendRequest<Bytes> {
        self.upstream.clone()
    }

    pub(crate) fn flusher(&self) -> Flusher {
        self.flusher.clone()
    }

    /// Answers every flush at once from now on: a peer that does not read must not hold up the end.
    pub(crate) fn hurry(&mut self) {
        self.hurry = true;
    }

    /// Drives both connections until something happens. Nothing moves unless this is polled.
    pub(crate) fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        // Before the connections are polled: what was queued before a flush was asked for is then written below.
        while let Poll::Ready(Some(flush)) = self.flushes.poll_recv(cx) {
            self.waiting.push(flush);
        }
        if !self.up_over {
            if let Poll::Ready(ended) = Pin::new(&mut self.up).poll(cx) {
                self.up_over = true;
                let reason = ended.err().filter(|error| error.is_go_away());
                self.reason = reason.and_then(|error| error.reason());
                return Poll::Ready(Turn::Over);
            }
            self.notice_goaway(cx);
        }
        if !self.down_over {
            match self.down.poll_accept(cx) {
                Poll::Ready(Some(Ok((request, respond)))) => {
                    return Poll::Ready(Turn::Call(request, respond));
                }
                Poll::Ready(Some(Err(_)) | None) => {
                    self.down_over = true;
                    return Poll::Ready(Turn::Over);
                }
                Poll::Pending => {}
            }
        }
        self.answer_flushes();
        if self.pinging && self.pongs_are_back(cx) {
            self.pinging = false;
            return Poll::Ready(Turn::Drained);
        }
        Poll::Pending
    }

    /// h2 tells of a GOAWAY only whoever asks for another call. The client has to hear of it before it makes one.
    fn notice_goaway(&mut self, cx: &mut Context<'_>) {
        if !self.going_away && matches!(self.upstream.poll_ready(cx), Poll::Ready(Err(_))) {
            self.going_away = true;
            self.down.graceful_shutdown();
        }
    }

    fn answer_flushes(&mut self) {
        let unwritten = |side: Side| match side {
            Side::Client => !self.down_over && self.down_stalled.load(Ordering::Relaxed),
            Side::Server => !self.up_over && self.up_stalled.load(Ordering::Relaxed),
        };
        let hurry = self.hurry;
        for (side, done) in std::mem::take(&mut self.waiting) {
            if !hurry && unwritten(side) {
                self.waiting.push((side, done));
            } else {
                // It fails for a call that does not wait any more.
                let _ = done.send(());
            }
        }
    }

    /// Lets the client's connection end by itself where the server's has ended with a code, which is passed on, or with
    /// a GOAWAY. `false` if it is to be closed without a word, as the server's was.
    pub(crate) fn close_in_order(&mut self) -> bool {
        if self.down_over || !self.up_over {
            return false;
        }
        if let Some(reason) = self.reason.take() {
            self.going_away = true;
            self.down.abrupt_shutdown(reason);
        }
        self.going_away
    }

    /// Pings both sides. When a ping comes back, all that its side had sent before has been read.
    pub(crate) fn ping(&mut self) {
        // It fails on a connection that is over, which has been read to its end.
        let send = |mut ping: PingPong| ping.send_ping(Ping::opaque()).is_ok().then_some(ping);
        self.pinging = true;
        self.down_ping = self.down.ping_pong().and_then(send);
        self.up_ping = self.up.ping_pong().and_then(send);
    }

    fn pongs_are_back(&mut self, cx: &mut Context<'_>) -> bool {
        let mut waits = |ping: &mut Option<PingPong>, over: bool| {
            ping.take_if(|ping| over || ping.poll_pong(cx).is_ready());
            ping.is_some()
        };
        let down_waits = waits(&mut self.down_ping, self.down_over);
        let up_waits = waits(&mut self.up_ping, self.up_over);
        !down_waits && !up_waits
    }
}

/// No limit of concurrent calls: the server's own is kept by the connection to it, which queues what is too many.
fn server_builder() -> server::Builder {
    let mut builder = server::Builder::new();
    builder
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buffer_size(SEND_BUFFER)
        .max_concurrent_reset_streams(RESETS)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(None);
    builder
}

fn client_builder() -> client::Builder {
    let mut builder = client::Builder::new();
    builder
        .enable_push(false)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buffer_size(SEND_BUFFER)
        .max_concurrent_reset_streams(RESETS)
        .max_pending_accept_reset_streams(RESETS)
        .max_local_error_reset_streams(None);
    builder
}
