//! The client's side: one channel that is well set up, and one call with a
//! deadline.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};
use tonic::codec::CompressionEncoding::Gzip;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Status};

use crate::Error;
use crate::document::v1::Document;
use crate::trace::{HEADER, TraceId};
use crate::words::v1::word_counter_client::WordCounterClient;
use crate::words::v1::{CountRequest, CountResponse};

// ANCHOR: endpoint
/// How to reach a server, such as `https://localhost:50051`.
pub fn endpoint(uri: String, tls: Option<ClientTlsConfig>) -> Result<Endpoint, Error> {
    let endpoint = Endpoint::from_shared(uri)?
        .connect_timeout(Duration::from_secs(2))
        // After half a minute of silence: is anybody there? And 10 seconds for
        // the answer.
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .keep_alive_while_idle(true);
    match tls {
        Some(tls) => Ok(endpoint.tls_config(tls)?),
        None => Ok(endpoint),
    }
}
// ANCHOR_END: endpoint

// ANCHOR: connect
/// Connects, and waits `wait` for a server that is not there yet. Nothing was
/// asked of it, so trying again does no harm; each failure is logged.
pub async fn connect(endpoint: &Endpoint, wait: Duration) -> Result<Channel, Error> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(50);
    loop {
        match endpoint.connect().await {
            Ok(channel) => return Ok(channel),
            Err(error) if begun.elapsed() + pause > wait => return Err(error.into()),
            Err(error) => tracing::warn!(error = %Causes(&error), "not connected yet"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}
// ANCHOR_END: connect

// ANCHOR: count
/// Asks once. No attempt is repeated: what that may do, only the caller knows.
///
/// An error: what the server answered, or DEADLINE_EXCEEDED.
pub async fn count(
    channel: &Channel,
    document: Document,
    deadline: Duration,
    trace: TraceId,
) -> Result<CountResponse, Status> {
    let mut client = WordCounterClient::new(channel.clone())
        .send_compressed(Gzip)
        .accept_compressed(Gzip);
    let mut request = Request::new(CountRequest {
        document: Some(document),
    });
    // The server is told, and tonic stops waiting for the beginning of the
    // answer.
    request.set_timeout(deadline);
    let value = trace.header().parse();
    let value = value.map_err(|_| Status::internal("a trace that is no header"))?;
    request.metadata_mut().insert(HEADER, value);

    let begun = Instant::now();
    // And this stops waiting for its end.
    let answer = timeout(deadline, client.count(request)).await;
    let late = begun.elapsed() >= deadline;
    match answer {
        Ok(Ok(answer)) => Ok(answer.into_inner()),
        // tonic says CANCELLED where its timer, or the server's, ended the call.
        Ok(Err(status)) if !late || status.code() != Code::Cancelled => Err(status),
        _ => Err(Status::deadline_exceeded("no answer before the deadline")),
    }
}
// ANCHOR_END: count

/// An error with all that caused it: tonic's own says "transport error" alone.
pub struct Causes<'a>(pub &'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut error = self.0;
        while let Some(cause) = error.source() {
            write!(f, ": {cause}")?;
            error = cause;
        }
        Ok(())
    }
}
