//! Two peers on bare HTTP/2, a tap between them, and the record as short lines.

use std::future::poll_fn;
use std::ops::ControlFlow;

use bytes::{BufMut, Bytes, BytesMut};
use h2::client::{ResponseFuture, SendRequest};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tap::{Address, CallInfo, CallPlan, Event, EventKind, Gate, Hop, Options, Recorder, Side, Tap};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::either::Either;

pub const PATH: &str = "/a.B/C";

pub const CLIENT_SERVER: Hop = Hop::new("client", "server");

/// A server, a tap and its record.
pub struct Stage {
    pub server: Server,
    pub tap: Tap,
    pub recorder: Recorder,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| CallPlan::default()).await
    }

    pub async fn with(plan: impl Fn(&CallInfo) -> CallPlan + Send + Sync + 'static) -> Self {
        let server = Server::tcp().await;
        let recorder = Recorder::new();
        let options = Options::new(CLIENT_SERVER, server.address.clone(), &recorder);
        let tap = Tap::start(options.plan(plan)).unwrap();
        Self {
            server,
            tap,
            recorder,
        }
    }

    /// Holds the answer of the first call, and of no other.
    pub async fn holding_first_answer(gate: &Gate) -> Self {
        let gate = gate.clone();
        Self::with(move |info| CallPlan {
            hold_answer: (info.call == 1).then(|| gate.clone()),
            ..CallPlan::default()
        })
        .await
    }

    /// A client and the server's end of its connection.
    pub async fn connect(&self) -> (Client, ServerConnection) {
        tokio::join!(Client::dial(self.tap.address()), self.server.accept())
    }

    /// What the record says of a call once it has a line that starts with `last`.
    pub async fn story(&self, call: u32, last: &str) -> Vec<String> {
        story_until(&self.recorder, call, last).await
    }
}

/// What the record says of a call (of connections: 0) once it has a line that starts with `last`.
pub async fn story_until(recorder: &Recorder, call: u32, last: &str) -> Vec<String> {
    let is_last = |event: &Event| event.call == call && line(&event.kind).starts_with(last);
    let events = recorder.until(|events| events.iter().any(is_last)).await;
    story(&events, call)
}

/// What the record says of a call (of connections: 0).
pub fn story(events: &[Event], call: u32) -> Vec<String> {
    let of_call = events.iter().filter(|event| event.call == call);
    of_call.map(|event| line(&event.kind)).collect()
}

/// One event as a short line.
pub fn line(kind: &EventKind) -> String {
    let side = |side: &Side| match side {
        Side::Client => "client",
        Side::Server => "server",
    };
    match kind {
        EventKind::Connected => "connected".into(),
        EventKind::Disconnected => "disconnected".into(),
        EventKind::Request { path, .. } => format!("request {path}"),
        EventKind::Message { from, bytes, .. } if bytes.len() < 20 => {
            format!("{} sends {:?}", side(from), String::from_utf8_lossy(bytes))
        }
        EventKind::Message { from, bytes, .. } => {
            format!("{} sends {} bytes", side(from), bytes.len())
        }
        EventKind::HalfClose => "half-close".into(),
        EventKind::Response { .. } => "response".into(),
        EventKind::Status { code, message, .. } => format!("status {} {message}", code.number())
            .trim_end()
            .into(),
        EventKind::Cancelled { by, code } => {
            format!("cancelled by {} with {}", side(by), code.number())
        }
        EventKind::Broken { side: who } => format!("broken by {}", side(who)),
        EventKind::Malformed { from, reason } => format!("malformed by {}: {reason}", side(from)),
    }
}

/// A message with its prefix.
pub fn framed(message: impl AsRef<[u8]>) -> Bytes {
    let message = message.as_ref();
    let mut bytes = BytesMut::new();
    bytes.put_u8(0);
    bytes.put_u32(message.len() as u32);
    bytes.put_slice(message);
    bytes.freeze()
}

pub fn header_map(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(key, value): &(&'static str, &str)| {
        let value = HeaderValue::from_str(value).unwrap();
        (HeaderName::from_static(key), value)
    };
    pairs.iter().map(pair).collect()
}

/// A request as a gRPC client makes it.
pub fn request(headers: &[(&'static str, &str)]) -> Request<()> {
    let request = Request::post(format!("http://host{PATH}"));
    let mut request = request
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .unwrap();
    request.headers_mut().extend(header_map(headers));
    request
}

/// The head of an answer as a gRPC server makes it.
pub fn response(headers: &[(&'static str, &str)]) -> Response<()> {
    let response = Response::builder().header("content-type", "application/grpc");
    let mut response = response.body(()).unwrap();
    response.headers_mut().extend(header_map(headers));
    response
}

/// Writes bytes as the window allows. `Err`: the stream takes no more.
pub async fn write(to: &mut SendStream<Bytes>, mut bytes: Bytes, last: bool) -> Result<(), ()> {
    while !bytes.is_empty() {
        to.reserve_capacity(bytes.len());
        while to.capacity() == 0 {
            match poll_fn(|cx| to.poll_capacity(cx)).await {
                Some(Ok(_)) => {}
                _ => return Err(()),
            }
        }
        let part = bytes.split_to(to.capacity().min(bytes.len()));
        to.send_data(part, last && bytes.is_empty()).map_err(drop)?;
    }
    Ok(())
}

/// Reads to the end of a body, or to its error.
pub async fn read(body: &mut RecvStream) -> (Bytes, Result<Option<HeaderMap>, h2::Error>) {
    let mut bytes = BytesMut::new();
    while let Some(data) = body.data().await {
        match data {
            Ok(data) => {
                body.flow_control().release_capacity(data.len()).unwrap();
                bytes.put(data);
            }
            Err(error) => return (bytes.freeze(), Err(error)),
        }
    }
    (bytes.freeze(), body.trailers().await)
}

/// Reads a body that ends well.
pub async fn read_all(body: &mut RecvStream) -> Bytes {
    let (bytes, end) = read(body).await;
    end.unwrap();
    bytes
}

type Stream = Either<TcpStream, UnixStream>;

fn tcp(stream: TcpStream) -> Stream {
    stream.set_nodelay(true).unwrap();
    Either::Left(stream)
}

pub struct Client {
    pub send: SendRequest<Bytes>,
    pub driver: JoinHandle<Result<(), h2::Error>>,
    paused: watch::Sender<bool>,
}

impl Client {
    pub async fn dial(address: &Address) -> Self {
        let stream: Stream = match address {
            Address::Tcp(address) => tcp(TcpStream::connect(address).await.unwrap()),
            Address::Unix(path) => Either::Right(UnixStream::connect(path).await.unwrap()),
        };
        Self::connect(stream).await
    }

    /// Over a socket that the test has opened.
    pub async fn over(stream: TcpStream) -> Self {
        Self::connect(tcp(stream)).await
    }

    async fn connect(stream: Stream) -> Self {
        // h2 closes a connection with a small window on which many small frames lie unread.
        let mut builder = h2::client::Builder::new();
        builder.initial_connection_window_size(16 << 20);
        let (send, mut connection) = builder.handshake(stream).await.unwrap();
        let paused = watch::Sender::new(false);
        let mut pauses = paused.subscribe();
        let driver = tokio::spawn(async move {
            loop {
                let pause = async |pauses: &mut watch::Receiver<bool>| {
                    pauses.wait_for(|paused| *paused).await.is_ok()
                };
                tokio::select! {
                    biased;
                    true = pause(&mut pauses) => {
                        let _ = pauses.wait_for(|paused| !paused).await;
                    }
                    end = &mut connection => return end,
                }
            }
        });
        Self {
            send,
            driver,
            paused,
        }
    }

    /// Stops reading from the socket and writing to it, or goes on.
    pub fn pause(&self, pause: bool) {
        self.paused.send_replace(pause);
    }

    /// Begins a call.
    pub async fn call(&self, request: Request<()>) -> ClientCall {
        call(&self.send, request).await
    }

    /// A whole unary call: its bytes and trailers.
    pub async fn unary(&self, message: &str) -> Result<(Bytes, HeaderMap), h2::Error> {
        unary(&self.send, message).await
    }

    /// The process dies: its socket is closed, and nothing more is sent.
    pub async fn die(self) {
        self.driver.abort();
        let _ = self.driver.await;
    }
}

async fn call(send: &SendRequest<Bytes>, request: Request<()>) -> ClientCall {
    let mut send = send.clone().ready().await.unwrap();
    let (response, stream) = send.send_request(request, false).unwrap();
    ClientCall { response, stream }
}

/// A whole unary call: its bytes and trailers.
pub async fn unary(
    send: &SendRequest<Bytes>,
    message: &str,
) -> Result<(Bytes, HeaderMap), h2::Error> {
    let mut call = call(send, request(&[])).await;
    call.stream.send_data(framed(message), true)?;
    let mut body = call.response.await?.into_body();
    let (bytes, trailers) = read(&mut body).await;
    Ok((bytes, trailers?.unwrap_or_default()))
}

pub struct ClientCall {
    pub response: ResponseFuture,
    pub stream: SendStream<Bytes>,
}

impl ClientCall {
    pub async fn send(&mut self, message: &str) {
        write(&mut self.stream, framed(message), false)
            .await
            .unwrap();
    }

    pub async fn body(&mut self) -> RecvStream {
        (&mut self.response).await.unwrap().into_body()
    }
}

pub struct Server {
    pub address: Address,
    listener: Either<TcpListener, UnixListener>,
}

impl Server {
    pub async fn tcp() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            address: Address::Tcp(listener.local_addr().unwrap()),
            listener: Either::Left(listener),
        }
    }

    pub fn unix(path: &std::path::Path) -> Self {
        Self {
            address: Address::Unix(path.to_owned()),
            listener: Either::Right(UnixListener::bind(path).unwrap()),
        }
    }

    pub async fn accept(&self) -> ServerConnection {
        let stream: Stream = match &self.listener {
            Either::Left(listener) => tcp(listener.accept().await.unwrap().0),
            Either::Right(listener) => Either::Right(listener.accept().await.unwrap().0),
        };
        let (calls_in, calls) = mpsc::unbounded_channel();
        let (orders, mut orders_in) = mpsc::unbounded_channel::<Order>();
        let driver = tokio::spawn(async move {
            let mut builder = h2::server::Builder::new();
            builder.initial_connection_window_size(1 << 20);
            let mut connection = builder.handshake(stream).await?;
            loop {
                let flow = tokio::select! {
                    call = connection.accept() => match call {
                        Some(call) => {
                            let (request, respond) = call?;
                            let (parts, body) = request.into_parts();
                            let request = Request::from_parts(parts, ());
                            let _ = calls_in.send(ServerCall { request, body, respond, stream: None });
                            ControlFlow::Continue(())
                        }
                        None => ControlFlow::Break(Ok(())),
                    },
                    Some(order) = orders_in.recv() => {
                        match order {
                            Order::GoAway => connection.graceful_shutdown(),
                            Order::Abort(reason) => connection.abrupt_shutdown(reason),
                        }
                        ControlFlow::Continue(())
                    }
                };
                if let ControlFlow::Break(end) = flow {
                    return end;
                }
            }
        });
        ServerConnection {
            calls,
            orders,
            driver,
        }
    }
}

pub enum Order {
    GoAway,
    Abort(Reason),
}

pub struct ServerConnection {
    pub calls: mpsc::UnboundedReceiver<ServerCall>,
    pub orders: mpsc::UnboundedSender<Order>,
    /// Ends with the connection. `Ok` if nothing was wrong with it.
    pub driver: JoinHandle<Result<(), h2::Error>>,
}

impl ServerConnection {
    pub async fn call(&mut self) -> ServerCall {
        self.calls.recv().await.expect("the connection lives")
    }

    pub async fn die(self) {
        self.driver.abort();
        let _ = self.driver.await;
    }

    /// Echoes the request of one call after the other.
    pub fn echo(mut self) -> JoinHandle<()> {
        tokio::spawn(async move {
            while let Some(mut call) = self.calls.recv().await {
                tokio::spawn(async move {
                    let (bytes, _) = read(&mut call.body).await;
                    call.head();
                    let stream = call.stream.as_mut().unwrap();
                    if write(stream, bytes, false).await.is_ok() {
                        call.status(0);
                    }
                });
            }
        })
    }
}

pub struct ServerCall {
    pub request: Request<()>,
    pub body: RecvStream,
    pub respond: SendResponse<Bytes>,
    pub stream: Option<SendStream<Bytes>>,
}

impl ServerCall {
    pub fn head(&mut self) {
        self.stream = Some(self.respond.send_response(response(&[]), false).unwrap());
    }

    pub async fn send(&mut self, message: &str) {
        let stream = self.stream.as_mut().unwrap();
        write(stream, framed(message), false).await.unwrap();
    }

    pub fn status(&mut self, code: i32) {
        let trailers = header_map(&[("grpc-status", &code.to_string())]);
        self.stream
            .as_mut()
            .unwrap()
            .send_trailers(trailers)
            .unwrap();
    }

    /// The next message, which the test has made to come in one frame.
    pub async fn receive(&mut self) -> Bytes {
        let data = self.body.data().await.unwrap().unwrap();
        self.body
            .flow_control()
            .release_capacity(data.len())
            .unwrap();
        data.slice(5..)
    }
}
