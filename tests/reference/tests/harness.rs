//! What the tests share: models that wait at a gate, fail or answer at once, and a server to put them in.
//!
//! Nothing here sleeps. A test waits for an event: work that began, a call that ended, a count that was reached. The
//! limit of [`within`] is only there so that a broken server fails a test instead of hanging it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use classifier::{Error, Kind, Score};
use hyper_util::rt::{TokioExecutor, TokioIo};
use object_store::memory::InMemory;
use object_store::path::Path;
use proto::classification::v1::ClassifyRequest;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use reference::{Config, Ending, Inference, Limits, Listener, Model, Store, serve};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// Longer than anything takes on a machine that is not broken.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The default of HTTP/2 in bytes, and less than any client of today takes.
pub const NARROW_WINDOW_BYTES: u32 = 65_535;

/// The result of `future`, which must not take longer than the limit.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future)
        .await
        .expect("nothing happened for a minute")
}

/// Waits until `reached` holds. It gives way to everything else that can run and then looks again.
pub async fn until(mut reached: impl FnMut() -> bool) {
    within(async {
        while !reached() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Takes a future one step, to where it first has to wait.
pub fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

pub fn scores() -> Vec<Score> {
    [0.5, 0.2, 0.15, 0.1, 0.05]
        .into_iter()
        .zip(Kind::ALL)
        .map(|(probability, label)| Score {
            label,
            probability,
            keywords: vec!["word".to_owned()],
        })
        .collect()
}

/// A model that is this function.
pub struct FnModel<F>(pub F);

impl<F: Fn(&str) -> Result<Vec<Score>, Error> + Send + Sync + 'static> Model for FnModel<F> {
    fn version(&self) -> &str {
        "test.1"
    }

    fn rank(&self, text: &str) -> Result<Vec<Score>, Error> {
        (self.0)(text)
    }
}

/// A model that answers at once.
pub fn quick_model() -> Arc<dyn Model> {
    Arc::new(FnModel(|_: &str| Ok(scores())))
}

/// A model that answers at once, but "slow" only when the sender is used or dropped.
pub fn slow_model() -> (Arc<dyn Model>, std::sync::mpsc::Sender<()>) {
    let (release, released) = std::sync::mpsc::channel();
    let released = Mutex::new(released);
    let model = FnModel(move |text: &str| {
        if text == "slow" {
            let released = released.lock().expect("no panic while it is held");
            let waited = released.recv_timeout(LIMIT);
            assert_ne!(waited, Err(RecvTimeoutError::Timeout), "never released");
        }
        Ok(scores())
    });
    (Arc::new(model), release)
}

/// A model that answers at once, and how many texts it was asked about.
pub fn counting_model() -> (Arc<dyn Model>, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    let model = FnModel(move |_: &str| {
        asked.fetch_add(1, Ordering::SeqCst);
        Ok(scores())
    });
    (Arc::new(model), count)
}

/// A model that fails in every way there is, by text. None of its words may reach a caller.
pub fn failing_model() -> Arc<dyn Model> {
    Arc::new(FnModel(|text: &str| match text {
        "fails" => Err(Error::Model {
            doing: "run the secret part",
            source: "secret".into(),
        }),
        "panics" => panic!("secret"),
        "no word" => Err(Error::EmptyText),
        _ => Ok(scores()),
    }))
}

/// The test's hand on a model that waits to be let through.
pub struct Gate {
    begun: mpsc::UnboundedReceiver<String>,
    open: Arc<(Mutex<usize>, Condvar)>,
}

/// A model whose work says that it has begun and then waits until the gate lets it through.
pub fn gated_model() -> (Arc<dyn Model>, Gate) {
    let (begin, begun) = mpsc::unbounded_channel();
    let open = Arc::new((Mutex::new(0_usize), Condvar::new()));
    let gate = Arc::clone(&open);
    let model = FnModel(move |text: &str| {
        // A test that has seen enough no longer listens.
        let _ = begin.send(text.to_owned());
        let (count, changed) = &*gate;
        let count = count.lock().expect("no panic while it is held");
        let (mut count, waited) = changed
            .wait_timeout_while(count, LIMIT, |count| *count == 0)
            .expect("no panic while it is held");
        *count = count.saturating_sub(1);
        drop(count);
        assert!(!waited.timed_out(), "the gate was never opened");
        Ok(scores())
    });
    (Arc::new(model), Gate { begun, open })
}

impl Gate {
    /// The next text on which work begins.
    pub async fn begun(&mut self) -> String {
        within(self.begun.recv()).await.expect("the model is there")
    }

    /// Whether no work has begun beyond what `begun` has returned.
    pub fn nothing_begun(&mut self) -> bool {
        self.begun.try_recv().is_err()
    }

    /// Lets `texts` more through.
    pub fn release(&self, texts: usize) {
        *self.open.0.lock().expect("no panic while it is held") += texts;
        self.open.1.notify_all();
    }
}

impl Drop for Gate {
    /// A test that fails must not leave threads behind that its runtime then waits for.
    fn drop(&mut self) {
        self.release(1000);
    }
}

/// The default settings of the program, except for a minute's grace and the store, which a [`TestServer`] replaces by a
/// folder.
pub fn config(inference: Inference) -> Config {
    Config {
        inference,
        store: Store::new(Arc::new(InMemory::new()), Path::default()),
        grace: LIMIT,
        auth: None,
        limits: Limits::default(),
    }
}

/// A server on a free port.
pub struct TestServer {
    pub uri: String,
    pub inference: Inference,
    /// Around the uploads. Whoever looks at them after the server's end keeps a clone.
    pub folder: Arc<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Ending>,
}

impl TestServer {
    /// One text at a time, two in line, a minute's grace.
    pub async fn start(model: Arc<dyn Model>) -> Self {
        Self::start_with(Inference::new(model, 1, 2), LIMIT).await
    }

    pub async fn start_with(inference: Inference, grace: Duration) -> Self {
        let address = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::bind(&address).await.expect("a free port");
        Self::start_on(listener, inference, grace)
    }

    pub fn start_on(listener: Listener, inference: Inference, grace: Duration) -> Self {
        Self::start_config(
            listener,
            Config {
                grace,
                ..config(inference)
            },
        )
    }

    /// On any free port, with the settings of the test.
    pub async fn start_configured(config: Config) -> Self {
        let address = "127.0.0.1:0".parse().expect("an address");
        let listener = Listener::bind(&address).await.expect("a free port");
        Self::start_config(listener, config)
    }

    fn start_config(listener: Listener, config: Config) -> Self {
        let uri = listener.uri().expect("it is bound");
        let (stop, stopped) = oneshot::channel();
        let inference = config.inference.clone();
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let config = Config {
            store: Store::folder(&folder.path().join("uploads")).expect("a free path"),
            ..config
        };
        let task = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            serve(listener, config, shutdown).await.expect("it serves")
        });
        Self {
            uri,
            inference,
            folder,
            stop: Some(stop),
            task,
        }
    }

    /// Where uploads are kept. It is there from the first upload on.
    pub fn uploads(&self) -> PathBuf {
        self.folder.path().join("uploads")
    }

    pub async fn channel(&self) -> Channel {
        connect(&self.uri).await
    }

    /// A client whose connection takes at most `NARROW_WINDOW_BYTES` bytes that nobody has read.
    pub async fn narrow_client(&self) -> DocumentClassifierClient<Channel> {
        let endpoint = Endpoint::from_shared(self.uri.clone())
            .expect("a URI")
            .initial_stream_window_size(NARROW_WINDOW_BYTES)
            .initial_connection_window_size(NARROW_WINDOW_BYTES);
        DocumentClassifierClient::new(endpoint.connect().await.expect("it listens"))
    }

    /// Sends as many calls through the queue for the model, one after the other. Everything else in the queue has had
    /// as many turns when they are through.
    pub async fn turns(&self, calls: usize) {
        let mut client = self.client().await;
        for _ in 0..calls {
            within(client.classify(request("turn"))).await.expect("OK");
        }
    }

    /// Calls that go past the model, one after the other: time for the server to do whatever it is about to do.
    pub async fn health_checks(&self, channel: Channel) {
        let mut health = HealthClient::new(channel);
        for _ in 0..50 {
            let check = HealthCheckRequest::default();
            within(health.check(check)).await.expect("it is healthy");
        }
    }

    pub async fn client(&self) -> DocumentClassifierClient<Channel> {
        DocumentClassifierClient::new(self.channel().await)
    }

    /// A client that sends `grpc-timeout` but does not observe it, as tonic's `Channel` would: the status that it
    /// receives comes from the server.
    pub async fn patient_client(
        &self,
    ) -> DocumentClassifierClient<
        impl GrpcService<Body, ResponseBody = hyper::body::Incoming, Error = hyper::Error, Future: Send>
        + Clone
        + use<>,
    > {
        let address = self.uri.strip_prefix("http://").expect("a TCP address");
        let io = TokioIo::new(TcpStream::connect(address).await.expect("it listens"));
        let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .expect("it speaks HTTP/2");
        tokio::spawn(connection);
        let service = tower::service_fn(move |request: hyper::Request<Body>| {
            let mut sender = sender.clone();
            async move { sender.send_request(request).await }
        });
        DocumentClassifierClient::with_origin(service, self.uri.parse().expect("a URI"))
    }

    /// Tells the server to stop.
    pub fn stop(&mut self) {
        let stop = self.stop.take().expect("it is stopped once");
        stop.send(()).expect("it runs");
    }

    /// Whether the server has ended.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// How the server ended.
    pub async fn ended(self) -> Ending {
        within(self.task).await.expect("it does not panic")
    }
}

pub async fn connect(uri: &str) -> Channel {
    Endpoint::from_shared(uri.to_owned())
        .expect("a URI")
        .connect()
        .await
        .expect("it listens")
}

pub fn request(text: &str) -> ClassifyRequest {
    ClassifyRequest {
        text: text.to_owned(),
        ..ClassifyRequest::default()
    }
}

/// The entries of a map field.
pub fn map<const N: usize>(entries: [(&str, &str); N]) -> HashMap<String, String> {
    entries
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}
