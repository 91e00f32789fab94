//! Serves on a listener until it is asked to stop, and stops within the grace limit.

use std::error::Error;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::service::InterceptorLayer;
use tonic::transport::server::{Connected, TcpIncoming};
use tonic_health::server::HealthReporter;

use super::cut::Cuttable;
use super::listen::Listener;
use crate::config::Config;
use crate::layers::deadline;
use crate::routes::routes;
use crate::tools::health;

/// How long a server that has ended its calls waits until the drafts that they left are removed.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(5);

/// How a server ended after it was asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every call in flight finished.
    Drained,
    /// The grace limit passed, and what still ran was cut.
    Cut,
}

/// Why a server could not serve.
pub type ServeError = Box<dyn Error + Send + Sync>;

/// Serves on `listener` until `shutdown` is ready, then stops: health turns NOT_SERVING, no new call is taken, and the
/// calls in flight have `config.grace` to finish.
pub async fn serve(
    listener: Listener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> Result<Ending, ServeError> {
    match listener {
        Listener::Tcp(listener) => {
            // Without TCP_NODELAY, small messages wait for the peer's acknowledgement of the one before.
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            serve_incoming(incoming, config, shutdown).await
        }
        Listener::Unix(socket) => serve_incoming(socket.incoming(), config, shutdown).await,
    }
}

async fn serve_incoming<IO>(
    incoming: impl Stream<Item = std::io::Result<IO>>,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> Result<Ending, ServeError>
where
    IO: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let mut reporter = HealthReporter::new();
    health::set_serving(&reporter).await;
    let cut = CancellationToken::new();
    let (drain, drained) = oneshot::channel::<()>();

    let incoming = incoming.map(|io| io.map(|io| Cuttable::new(io, cut.clone())));
    let mut server = std::pin::pin!(
        config
            .limits
            .server()
            // gRPC-Web comes over HTTP/1.1 too, and so will HTTP/JSON.
            .accept_http1(true)
            .layer(InterceptorLayer::new(deadline::note_arrival))
            .add_routes(routes(&config, &reporter)?)
            .serve_with_incoming_shutdown(incoming, async {
                let _ = drained.await;
            })
    );
    tokio::select! {
        // Only a failure ends the server before it is asked to stop.
        ended = &mut server => return Ok(ended.map(|()| Ending::Drained)?),
        () = shutdown => {}
    }

    // First health says that no calls are wanted, then the listener closes.
    health::set_not_serving(&reporter).await;
    health::end_watches(&mut reporter).await;
    let _ = drain.send(());
    // tonic's graceful stop waits without a limit for the last call.
    let ending = match timeout(config.grace, &mut server).await {
        Ok(ended) => ended.map(|()| Ending::Drained)?,
        Err(_) => {
            cut.cancel();
            server.await?;
            Ending::Cut
        }
    };
    // Uploads that were cut, or whose callers left a moment ago, are still being removed.
    if timeout(CLEANUP_TIMEOUT, config.store.settled())
        .await
        .is_err()
    {
        tracing::warn!("drafts of uploads were left behind");
    }
    Ok(ending)
}
