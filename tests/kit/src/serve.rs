//! Serving the learner's service where the stage can find it.

use proto::control::v1::{Listening, from_program, to_program};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tonic::transport::server::{Router, TcpIncoming};

use crate::control;

/// Listens on a free port of loopback, tells the stage which, and serves until the stage says stop.
pub(crate) async fn serve(
    router: Router,
    inbox: UnboundedReceiver<to_program::Kind>,
) -> Result<(), crate::Error> {
    // Port 0 has the system choose one that is free.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    control::send(from_program::Kind::Listening(Listening { address }));
    // Without TCP_NODELAY the system holds small packets back to join them with later ones, and the first answer on a
    // connection often takes 40 ms longer.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    router
        .serve_with_incoming_shutdown(incoming, stopped(inbox))
        .await?;
    Ok(())
}

/// Ends when the stage says stop, or has gone.
async fn stopped(mut inbox: UnboundedReceiver<to_program::Kind>) {
    while let Some(message) = inbox.recv().await {
        if matches!(message, to_program::Kind::Stop(_)) {
            return;
        }
    }
}
