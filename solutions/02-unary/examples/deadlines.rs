//! What a server sees of a client that stops waiting. The page "Unary calls" says it, and the tests hold it.
//!
//!     cargo run -p solution-unary --example deadlines

use std::time::Duration;

use kit::Error;
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::model_host_server::{ModelHost, ModelHostServer};
use proto::model::v1::{RankRequest, RankResponse};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};
use tonic::{Code, Request, Response, Status};

/// How long each of the clients waits.
const WAIT: Duration = Duration::from_millis(150);

#[tokio::main]
async fn main() -> Result<(), Error> {
    for seen in [
        tokio_timeout().await?,
        endpoint_timeout().await?,
        set_timeout().await?,
    ] {
        let Seen {
            header,
            dropped,
            code,
        } = seen;
        println!("header {header:?}, handler dropped: {dropped}, status {code:?}");
    }
    Ok(())
}

/// What came of a call that took too long.
struct Seen {
    /// The header, as the server had it.
    header: Option<String>,
    /// Whether the handler was dropped before it was done.
    dropped: bool,
    /// What the client was told, if there was a status.
    code: Option<Code>,
}

async fn tokio_timeout() -> Result<Seen, Error> {
    let (address, server) = serve().await?;
    let channel = Endpoint::from_shared(address)?.connect().await?;
    let mut client = ModelHostClient::new(channel);
    // ANCHOR: tokio_timeout
    let call = client.rank(RankRequest::default());
    let answer = tokio::time::timeout(WAIT, call).await;
    // ANCHOR_END: tokio_timeout
    seen(server, answer.ok().and_then(Result::err)).await
}

async fn endpoint_timeout() -> Result<Seen, Error> {
    let (address, server) = serve().await?;
    // ANCHOR: endpoint_timeout
    let channel = Endpoint::from_shared(address)?
        .timeout(WAIT)
        .connect()
        .await?;
    let mut client = ModelHostClient::new(channel);
    let answer = client.rank(RankRequest::default()).await;
    // ANCHOR_END: endpoint_timeout
    seen(server, answer.err()).await
}

async fn set_timeout() -> Result<Seen, Error> {
    let (address, server) = serve().await?;
    let mut client = ModelHostClient::connect(address).await?;
    // ANCHOR: set_timeout
    let mut request = Request::new(RankRequest::default());
    request.set_timeout(WAIT);
    let answer = client.rank(request).await;
    // ANCHOR_END: set_timeout
    seen(server, answer.err()).await
}

/// What the server tells of its one call.
enum Event {
    Header(Option<String>),
    Dropped,
}

/// Waits for what the server tells: first the header, and then that the handler was dropped.
async fn seen(mut server: UnboundedReceiver<Event>, status: Option<Status>) -> Result<Seen, Error> {
    let Some(Event::Header(header)) = server.recv().await else {
        return Err("the call did not come in".into());
    };
    Ok(Seen {
        header,
        dropped: matches!(server.recv().await, Some(Event::Dropped)),
        code: status.map(|status| status.code()),
    })
}

/// A host that never answers.
struct Silent(UnboundedSender<Event>);

#[tonic::async_trait]
impl ModelHost for Silent {
    async fn rank(&self, request: Request<RankRequest>) -> Result<Response<RankResponse>, Status> {
        let header = request.metadata().get("grpc-timeout");
        let header = header.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        // Nobody listens any more once the program ends.
        let _ = self.0.send(Event::Header(header));
        let _told = TellDrop(self.0.clone());
        std::future::pending().await
    }
}

struct TellDrop(UnboundedSender<Event>);

impl Drop for TellDrop {
    fn drop(&mut self) {
        let _ = self.0.send(Event::Dropped);
    }
}

async fn serve() -> Result<(String, UnboundedReceiver<Event>), Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (sender, receiver) = unbounded_channel();
    let router = Server::builder().add_service(ModelHostServer::new(Silent(sender)));
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
    Ok((address, receiver))
}

#[tokio::test]
async fn a_timeout_around_the_call_sends_no_header_and_ends_the_handler() -> Result<(), Error> {
    let seen = tokio_timeout().await?;
    assert_eq!((seen.header, seen.dropped, seen.code), (None, true, None));
    Ok(())
}

#[tokio::test]
async fn endpoint_timeout_sends_no_header_ends_the_handler_and_is_cancelled() -> Result<(), Error> {
    let seen = endpoint_timeout().await?;
    let code = Some(Code::Cancelled);
    assert_eq!((seen.header, seen.dropped, seen.code), (None, true, code));
    Ok(())
}

/// Either side's timer may be first.
#[tokio::test]
async fn set_timeout_sends_the_header_and_ends_the_handler() -> Result<(), Error> {
    let seen = set_timeout().await?;
    assert_eq!(seen.header.as_deref(), Some("150000u"));
    assert!(seen.dropped);
    let code = seen.code;
    assert!(
        matches!(code, Some(Code::Cancelled | Code::DeadlineExceeded)),
        "{code:?}"
    );
    Ok(())
}

/// Other gRPC libraries call this UNAVAILABLE. In both cases the server may have done the work.
#[tokio::test]
async fn connection_that_breaks_in_a_call_is_unknown() -> Result<(), Error> {
    use tokio::net::TcpStream;

    let (address, mut server) = serve().await?;
    let address = address.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let between = format!("http://{}", listener.local_addr()?);
    let (broken, breaks) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await?;
        let mut server = TcpStream::connect(address).await?;
        tokio::select! {
            copied = tokio::io::copy_bidirectional(&mut client, &mut server) => copied.map(drop),
            _ = breaks => Ok(()),
        }
    });
    let mut client = ModelHostClient::connect(between).await?;
    let call = tokio::spawn(async move { client.rank(RankRequest::default()).await });
    assert!(matches!(server.recv().await, Some(Event::Header(_))));
    assert!(broken.send(()).is_ok());
    let status = call.await?.err().ok_or("an answer")?;
    assert_eq!(status.code(), Code::Unknown, "{status:?}");
    Ok(())
}
