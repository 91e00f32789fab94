//! The server around the service: what it offers, what it bears, and how it
//! stops.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Server, ServerTlsConfig};
use tonic_health::ServingStatus::NotServing;
use tonic_health::server::HealthReporter;

use crate::log::CallLog;
use crate::words::v1::word_counter_server::{SERVICE_NAME, WordCounter, WordCounterServer};
use crate::{DESCRIPTORS, Error};

/// What differs from one place to another.
pub struct Options {
    /// Without it, whoever is on the way can read and change everything.
    pub tls: Option<ServerTlsConfig>,
    /// How long a server that is to stop still takes new calls, so that whoever
    /// asks for its health can look elsewhere.
    pub notice: Duration,
    /// How long the calls that are running may take after that.
    pub grace: Duration,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every call has finished.
    Drained,
    /// The grace had passed, and calls were still running. They end with the
    /// process.
    Cut,
}

/// Serves until `stop` is ready, and then stops gracefully.
///
/// An error: TLS cannot be set up, or the listener failed.
pub async fn serve<C: WordCounter>(
    incoming: TcpIncoming,
    counter: C,
    options: Options,
    stop: impl Future<Output = ()>,
) -> Result<Ending, Error> {
    // ANCHOR: services
    let (health, health_server) = tonic_health::server::health_reporter();
    health.set_serving::<WordCounterServer<C>>().await;

    let contracts = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let reflection = contracts().build_v1()?;
    // Older tools ask for this version.
    let reflection_alpha = contracts().build_v1alpha()?;

    let counter = WordCounterServer::new(counter)
        .max_decoding_message_size(MESSAGE_BYTES)
        .accept_compressed(Gzip)
        .send_compressed(Gzip);
    // ANCHOR_END: services

    let mut server = limited();
    if let Some(tls) = options.tls {
        server = server.tls_config(tls)?;
    }
    let router = server
        .layer(CallLog)
        .add_service(counter)
        .add_service(health_server)
        .add_service(reflection)
        .add_service(reflection_alpha);

    // ANCHOR: stop
    let (stopping, stopped) = oneshot::channel();
    let stop = async move {
        stop.await;
        announce(health, options.notice).await;
        // The other end is gone only if the server is.
        let _ = stopping.send(());
    };
    let overdue = async {
        if stopped.await.is_err() {
            // The server has failed. It says so itself.
            std::future::pending::<()>().await;
        }
        sleep(options.grace).await;
    };
    tokio::select! {
        served = router.serve_with_incoming_shutdown(incoming, stop) => {
            served?;
            Ok(Ending::Drained)
        }
        () = overdue => Ok(Ending::Cut),
    }
    // ANCHOR_END: stop
}

// ANCHOR: announce
/// Says that no calls are to come any more, and gives those who ask the time to
/// hear it.
async fn announce(mut health: HealthReporter, notice: Duration) {
    for name in ["", SERVICE_NAME] {
        health.set_service_status(name, NotServing).await;
    }
    sleep(notice).await;
    // Watch calls never end by themselves: they would hold the server up until
    // the grace has passed.
    for name in ["", SERVICE_NAME] {
        health.clear_service_status(name).await;
    }
}
// ANCHOR_END: announce

// ANCHOR: limits
/// Most bytes of a request message. 4 MiB is the default; no text here needs as
/// much.
const MESSAGE_BYTES: usize = 1024 * 1024;

/// What one connection may cost.
fn limited() -> Server {
    Server::builder()
        // Calls at the same time. The client's library lets further calls wait.
        .max_concurrent_streams(100)
        // All headers of a request together, in bytes.
        .http2_max_header_list_size(16 * 1024)
        // Then the client is asked to connect again, and finds servers that are
        // new.
        .max_connection_age(Duration::from_secs(30 * 60))
        // After a minute of silence: is anybody there? And 20 seconds for the
        // answer.
        .http2_keepalive_interval(Some(Duration::from_secs(60)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)))
}
// ANCHOR_END: limits
