//! Serving the learner's service where the stage can find it.

use std::io;

use proto::control::v1::{Listening, from_program, to_program};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::server::Router;

use crate::control;

/// Listens as `listen` says (`unix:/path`, else port 0 on loopback), tells the stage, and serves until it says stop.
pub(crate) async fn serve(
    listen: &str,
    router: Router,
    words: UnboundedReceiver<to_program::Kind>,
) -> Result<(), crate::Error> {
    let stopped = stopped(words);
    #[cfg(unix)]
    if let Some(path) = listen.strip_prefix("unix:") {
        let listener = tokio::net::UnixListener::bind(path)?;
        say(listen.to_owned());
        let incoming = tokio_stream::wrappers::UnixListenerStream::new(listener);
        return Ok(router
            .serve_with_incoming_shutdown(incoming, stopped)
            .await?);
    }
    if !matches!(listen, "" | "tcp") {
        let reason = format!("{listen:?} is no address to listen on");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason).into());
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    say(format!("http://{}", listener.local_addr()?));
    let incoming = TcpListenerStream::new(listener);
    Ok(router
        .serve_with_incoming_shutdown(incoming, stopped)
        .await?)
}

fn say(address: String) {
    control::send(from_program::Kind::Listening(Listening { address }));
}

/// Ends when the stage says stop, or has gone.
async fn stopped(mut words: UnboundedReceiver<to_program::Kind>) {
    while let Some(word) = words.recv().await {
        if matches!(word, to_program::Kind::Stop(_)) {
            return;
        }
    }
}
