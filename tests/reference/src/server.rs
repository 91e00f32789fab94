//! Puts the services together, serves them, and stops within the grace limit.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use proto::classification::v1::document_classifier_server::DocumentClassifierServer;
use proto::model::v1::model_host_server::ModelHostServer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_stream::wrappers::UnixListenerStream;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::service::{InterceptorLayer, Routes};
use tonic::transport::server::{Connected, TcpIncoming};
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::classify::ClassifyService;
use crate::config::Config;
use crate::cut::Cuttable;
use crate::host::HostService;
use crate::listen::Listener;
use crate::{deadline, health, layers, reflection, web};

/// How long a server that has ended its calls waits until what they left unfinished is taken away.
const TIDY_LIMIT: Duration = Duration::from_secs(5);

/// How a server that was told to stop came to its end.
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
        Listener::Unix(listener, _file) => {
            serve_incoming(UnixListenerStream::new(listener), config, shutdown).await
        }
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
        // Only a failure ends the server before it is told to stop.
        ended = &mut server => return Ok(ended.map(|()| Ending::Drained)?),
        () = shutdown => {}
    }

    // First the word that no calls are wanted, then the closed door.
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
    // Uploads that were cut, or whose callers left a moment ago, are still being taken away.
    if timeout(TIDY_LIMIT, config.store.settled()).await.is_err() {
        tracing::warn!("drafts of uploads were left behind");
    }
    Ok(ending)
}

/// All services on one port, inside the layers that every call passes through.
fn routes(config: &Config, reporter: &HealthReporter) -> Result<Routes, ServeError> {
    let Config {
        inference,
        store,
        limits,
        ..
    } = config;
    let service = ClassifyService::new(inference.clone(), store.clone());
    let classifier = DocumentClassifierServer::new(service)
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.response_bytes);
    let host = ModelHostServer::new(HostService::new(inference.clone()))
        .max_decoding_message_size(limits.request_bytes)
        .max_encoding_message_size(limits.response_bytes);
    // Health and reflection send and receive little, and keep tonic's own limit of 4 MiB on what they receive.
    let health = HealthServer::new(HealthService::from_health_reporter(reporter.clone()));
    let grpc: Router = Routes::new(classifier)
        .add_service(host)
        .add_service(health)
        .add_service(reflection::v1()?)
        .add_service(reflection::v1alpha()?)
        .into_axum_router()
        .layer(from_fn(web::only_grpc));
    Ok(layers::around(grpc, config.auth.clone()).into())
}
