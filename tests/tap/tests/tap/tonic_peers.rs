//! Real gRPC peers: tonic on both sides, with messages that are bytes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes};
use tap::{CallPlan, Gate, Options, Recorder, Tap};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{NamedService, StreamingService};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};

use crate::harness::{CLIENT_SERVER, story, story_until};

#[derive(Clone, Copy, Default)]
struct BytesCodec;

impl Codec for BytesCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(item);
        Ok(())
    }
}

impl Decoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Answers = Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send>>;

/// `/t.T/Echo` answers each message with itself. "fail" ends the call, "hang" never answers and tells when it is
/// dropped.
#[derive(Clone)]
struct Echo {
    dropped: mpsc::UnboundedSender<()>,
}

struct OnDrop(mpsc::UnboundedSender<()>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

impl StreamingService<Bytes> for Echo {
    type Response = Bytes;
    type ResponseStream = Answers;
    type Future = Boxed<Result<Response<Answers>, Status>>;

    fn call(&mut self, request: Request<Streaming<Bytes>>) -> Self::Future {
        let guard = OnDrop(self.dropped.clone());
        Box::pin(async move {
            let (out, answers) = mpsc::channel(4);
            let mut messages = request.into_inner();
            tokio::spawn(async move {
                while let Ok(Some(message)) = messages.message().await {
                    let answer = match &message[..] {
                        b"fail" => Err(Status::data_loss("as you wish")),
                        b"hang" => {
                            out.closed().await;
                            drop(guard);
                            return;
                        }
                        _ => Ok(message),
                    };
                    if out.send(answer).await.is_err() {
                        return;
                    }
                }
            });
            Ok(Response::new(
                Box::pin(ReceiverStream::new(answers)) as Answers
            ))
        })
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "t.T";
}

impl tower::Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Boxed<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(BytesCodec);
            Ok(grpc.streaming(service, request).await)
        })
    }
}

struct Peers {
    recorder: Recorder,
    tap: Tap,
    client: Grpc<Channel>,
    dropped: mpsc::UnboundedReceiver<()>,
}

async fn peers(plan: CallPlan) -> Peers {
    let (dropped, heard) = mpsc::unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tap::Address::Tcp(listener.local_addr().unwrap());
    let server = Server::builder().add_service(Echo { dropped });
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    let recorder = Recorder::new();
    let options = Options::new(CLIENT_SERVER, address, &recorder);
    let tap = Tap::start(options.plan(move |_| plan.clone())).unwrap();
    let endpoint = Endpoint::from_shared(tap.address().to_string()).unwrap();
    Peers {
        recorder,
        client: Grpc::new(endpoint.connect().await.unwrap()),
        tap,
        dropped: heard,
    }
}

async fn echo(
    mut client: Grpc<Channel>,
    messages: impl Stream<Item = Bytes> + Send + 'static,
) -> Result<Response<Streaming<Bytes>>, Status> {
    client.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/t.T/Echo");
    client
        .streaming(Request::new(messages), path, BytesCodec)
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_each_way() {
    let peers = peers(CallPlan::default()).await;
    let messages: Vec<_> = ["a", "b", "fail"].map(Bytes::from).into();
    let mut answers = echo(peers.client, tokio_stream::iter(messages))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answers.next().await.unwrap().unwrap(), "a");
    assert_eq!(answers.next().await.unwrap().unwrap(), "b");
    let status = answers.next().await.unwrap().unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (tonic::Code::DataLoss, "as you wish")
    );
    let story = story_until(&peers.recorder, 1, "status").await;
    assert_eq!(story.last().unwrap(), "status 15 as you wish");
    assert_eq!(
        story.iter().filter(|line| line.contains("sends")).count(),
        5
    );
    peers.tap.shutdown().await;
}

/// tonic drops a call that nobody wants any more. The server's work stops, and the record says who gave up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_dropped() {
    let mut peers = peers(CallPlan::default()).await;
    let (send, messages) = mpsc::channel(1);
    send.send(Bytes::from("hang")).await.unwrap();
    let answers = echo(peers.client.clone(), ReceiverStream::new(messages))
        .await
        .unwrap();
    story_until(&peers.recorder, 1, "client sends").await;
    drop((answers, send));
    peers.dropped.recv().await.unwrap();
    let story = story_until(&peers.recorder, 1, "cancelled").await;
    assert_eq!(story.last().unwrap(), "cancelled by client with 8");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timeout_that_fires_while_the_answer_is_held() {
    let gate = Gate::new();
    let plan = CallPlan {
        strip_timeout: true,
        hold_answer: Some(gate),
        ..CallPlan::default()
    };
    let mut peers = peers(plan).await;
    let mut request = Request::new(tokio_stream::once(Bytes::from("a")));
    request.set_timeout(std::time::Duration::from_millis(20));
    peers.client.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/t.T/Echo");
    let status = peers
        .client
        .streaming(request, path, BytesCodec)
        .await
        .unwrap_err();
    assert_eq!(status.code(), tonic::Code::Cancelled);
    let story = story_until(&peers.recorder, 1, "cancelled").await;
    assert_eq!(story.last().unwrap(), "cancelled by client with 8");
}

/// More calls than tonic's server takes at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls() {
    let peers = peers(CallPlan::default()).await;
    let calls: Vec<_> = (0..1000)
        .map(|n| {
            let client = peers.client.clone();
            tokio::spawn(async move {
                let message = Bytes::from(format!("message {n}"));
                let answers = echo(client, tokio_stream::once(message.clone()))
                    .await
                    .unwrap();
                let answers: Vec<_> = answers.into_inner().collect().await;
                assert_eq!(answers.len(), 1);
                assert_eq!(answers[0].as_ref().unwrap(), &message);
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    peers.tap.shutdown().await;
    let events = peers.recorder.snapshot();
    for call in 1..=1000 {
        let story = story(&events, call);
        assert_eq!(story.last().unwrap(), "status 0", "{story:?}");
    }
}
