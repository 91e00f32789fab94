//! The tap: a listener, and a relay for each connection that it accepts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::address::{Address, Listener, Stream};
use crate::connection::{Counts, Shared, serve};
use crate::event::EventKind;
use crate::hop::Hop;
use crate::plan::{CallInfo, CallPlan, Plan};
use crate::recorder::Recorder;

/// How long [`Tap::shutdown`] waits for a peer that is alive and does not answer.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// How to start a tap.
#[derive(Clone, Debug)]
pub struct Options {
    hop: Hop,
    upstream: Address,
    recorder: Recorder,
    listen: Option<PathBuf>,
    plan: Plan,
}

impl Options {
    /// A tap on `hop` that forwards to `upstream`, records into `recorder`, listens on a free port of 127.0.0.1, and does
    /// nothing else to a call.
    pub fn new(hop: Hop, upstream: Address, recorder: &Recorder) -> Self {
        Self {
            hop,
            upstream,
            recorder: recorder.clone(),
            listen: None,
            plan: Plan::default(),
        }
    }

    /// Listens on a Unix socket instead. Nothing may be at `path` yet; the tap removes it at its end.
    pub fn on_unix(mut self, path: impl Into<PathBuf>) -> Self {
        self.listen = Some(path.into());
        self
    }

    /// Decides on each call by `decide`: see [`Plan::new`].
    pub fn plan(mut self, decide: impl Fn(&CallInfo) -> CallPlan + Send + Sync + 'static) -> Self {
        self.plan = Plan::new(decide);
        self
    }
}

/// A recording proxy between clients and one server. All of it ends with this value.
///
/// For each connection that it accepts it opens one to the server. Headers, messages, trailers, resets with their
/// codes, GOAWAY and the death of a connection are passed on as they are. PING and WINDOW_UPDATE are not: the tap
/// answers those itself, though a peer that does not read is felt by the one that writes.
#[derive(Debug)]
pub struct Tap {
    address: Address,
    stop: CancellationToken,
    force_close: CancellationToken,
    accepting: AbortOnDropHandle<()>,
    _file: Option<SocketFile>,
}

impl Tap {
    /// Listens, and is ready for connections when it returns. The server need not be there yet: it is dialled for each
    /// connection. A connection for which that fails is recorded and closed.
    ///
    /// # Errors
    ///
    /// If it cannot listen: something is at the path of the Unix socket, or its folder is missing.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start(options: Options) -> io::Result<Self> {
        let (listener, address) = match &options.listen {
            Some(path) => Listener::unix(path)?,
            None => Listener::tcp()?,
        };
        let stop = CancellationToken::new();
        let force_close = CancellationToken::new();
        let shared = Shared {
            hop: options.hop,
            upstream: options.upstream,
            recorder: options.recorder,
            plan: options.plan,
            calls: Counts::default().into(),
            stop: stop.clone(),
            force_close: force_close.clone(),
        };
        let accepting = tokio::spawn(accept(Arc::new(shared), listener));
        Ok(Self {
            address,
            stop,
            force_close,
            accepting: AbortOnDropHandle::new(accepting),
            _file: options.listen.map(SocketFile),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Stops accepting, records all that its peers had sent until now, and closes every connection. A call that is
    /// still going on has no end in the record.
    ///
    /// Takes one round trip to each peer, and a second if one of them is alive and does not answer.
    ///
    /// # Panics
    ///
    /// If the plan did.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        let ended = match tokio::time::timeout(SHUTDOWN_GRACE, &mut self.accepting).await {
            Ok(ended) => ended,
            Err(_) => {
                self.force_close.cancel();
                self.accepting.await
            }
        };
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

async fn accept(shared: Arc<Shared>, listener: Listener) {
    let mut connections = JoinSet::new();
    let mut accepted = 0;
    let mut begin = |connections: &mut JoinSet<()>, client: Stream| {
        accepted += 1;
        let kind = EventKind::Connected;
        shared.recorder.record(shared.hop, accepted, 0, kind);
        connections.spawn(serve(shared.clone(), accepted, client));
    };
    loop {
        tokio::select! {
            client = listener.accept() => match client {
                Ok(client) => begin(&mut connections, client),
                // A client that was gone before it was accepted. Anything else would come again at once.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(_) => break,
            },
            Some(ended) = connections.join_next() => propagate(ended),
            () = shared.stop.cancelled() => break,
        }
    }
    for client in listener.close() {
        begin(&mut connections, client);
    }
    while let Some(ended) = connections.join_next().await {
        propagate(ended);
    }
}

fn propagate(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// The file of a Unix socket, removed at the end.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let path: &Path = &self.0;
        // Someone may have cleaned up the folder before.
        let _ = fs::remove_file(path);
    }
}
