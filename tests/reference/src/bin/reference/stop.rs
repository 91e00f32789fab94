//! What stops the process: SIGTERM, SIGINT (Ctrl-C) and, if asked for, the end of standard input.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Watches for what stops the process.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
    with_stdin: bool,
}

impl Stop {
    /// Begins to watch. Before this a signal kills the process at once, so it comes before the address is printed:
    /// whoever has read the address can rely on a graceful stop.
    pub(crate) fn watch(with_stdin: bool) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            with_stdin,
        })
    }

    /// Waits for the first of them.
    pub(crate) async fn requested(mut self) {
        let reason = tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            () = stdin_closed(), if self.with_stdin => "standard input closed",
        };
        tracing::info!(reason, "stopping");
    }
}

/// Reads standard input to its end. What it says does not matter; that nobody holds the other end any more does.
/// Reading blocks, so a separate thread does it, for which the process does not wait at its end.
async fn stdin_closed() {
    let end = || io::copy(&mut io::stdin(), &mut io::sink());
    let _ = tokio::task::spawn_blocking(end).await;
}
