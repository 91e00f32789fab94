//! A server for a test, on a free port, and what tests ask it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, ServerTlsConfig};
use tonic::{Request, Response, Status};
use wordcount_service::client::{connect, endpoint};
use wordcount_service::document::v1::Document;
use wordcount_service::words::v1::word_counter_server::WordCounter;
use wordcount_service::words::v1::{CountRequest, CountResponse};
use wordcount_service::{Counter, Ending, Error, Options, serve};

/// Longer than anything here takes, on the slowest machine.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<Ending, Error>>,
}

impl Running {
    pub(crate) fn start<C: WordCounter>(counter: C, options: Options) -> Self {
        let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let address = incoming.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(serve(incoming, counter, options, stopped));
        Self {
            address,
            stop,
            ended,
        }
    }

    pub(crate) fn uri(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = endpoint(self.uri(), None).expect("a URI");
        connect(&endpoint, LONG).await.expect("the server listens")
    }

    /// Asks the server to stop. The handle is ready when it has.
    pub(crate) fn stop(self) -> JoinHandle<Result<Ending, Error>> {
        self.stop.send(()).expect("the server runs");
        self.ended
    }
}

pub(crate) fn options(tls: Option<ServerTlsConfig>) -> Options {
    Options {
        tls,
        notice: Duration::ZERO,
        grace: LONG,
    }
}

pub(crate) fn counter() -> Counter {
    Counter::load(Path::new("common-words.txt")).expect("the list is there")
}

pub(crate) fn document(text: &str) -> Document {
    Document {
        id: "test".to_owned(),
        text: text.to_owned(),
    }
}

/// A service whose calls say that they have begun, and wait for a permit to end.
pub(crate) struct Slow {
    pub(crate) begun: mpsc::UnboundedSender<()>,
    pub(crate) permits: std::sync::Arc<Semaphore>,
}

#[tonic::async_trait]
impl WordCounter for Slow {
    async fn count(&self, _: Request<CountRequest>) -> Result<Response<CountResponse>, Status> {
        self.begun.send(()).expect("the test listens");
        let permit = self.permits.acquire().await;
        permit.expect("nobody closes it").forget();
        Ok(Response::new(CountResponse::default()))
    }
}

/// The service, and what its test holds of it.
pub(crate) fn slow() -> (Slow, mpsc::UnboundedReceiver<()>, std::sync::Arc<Semaphore>) {
    let (begun, begins) = mpsc::unbounded_channel();
    let permits = std::sync::Arc::new(Semaphore::new(0));
    let slow = Slow {
        begun,
        permits: permits.clone(),
    };
    (slow, begins, permits)
}
