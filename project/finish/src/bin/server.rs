//! `server [ADDRESS [CERTIFICATES [CLIENTS_CA]]]`: counts words until it is
//! told to stop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tonic::transport::server::TcpIncoming;
use wordcount_service::client::Causes;
use wordcount_service::{Counter, Ending, Error, Options, log, serve, tls};

#[tokio::main]
async fn main() -> ExitCode {
    log::to_stderr();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", Causes(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or("127.0.0.1:50051".to_owned());
    let address: SocketAddr = address.parse().map_err(|_| {
        format!("{address}: not an IP address with a port, such as 127.0.0.1:50051")
    })?;
    let certificates = arguments.next().map(PathBuf::from);
    let clients_ca = arguments.next().map(PathBuf::from);

    let tls = match certificates {
        Some(folder) => Some(tls::server(&folder, clients_ca.as_deref())?),
        // ANCHOR: refuse
        None if !address.ip().is_loopback() => {
            let what = "other machines can reach it, and it has no certificates";
            return Err(format!("{address}: {what}").into());
        }
        // ANCHOR_END: refuse
        None => None,
    };
    // All that can fail fails now, and not in a call.
    let counter = Counter::load(Path::new("common-words.txt"))?;
    let (terminate, interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );

    let incoming = TcpIncoming::bind(address)?.with_nodelay(Some(true));
    println!("listening on {}", incoming.local_addr()?);
    let options = Options {
        tls,
        notice: Duration::from_secs(1),
        grace: Duration::from_secs(10),
    };
    match serve(incoming, counter, options, stopped(terminate, interrupt)).await? {
        Ending::Drained => println!("stopped, all calls finished"),
        Ending::Cut => println!("stopped, some calls were still running"),
    }
    Ok(())
}

// ANCHOR: signals
/// Ready when the process is asked to end: SIGTERM is what `kill` and
/// Kubernetes send, SIGINT is Ctrl-C.
async fn stopped(mut terminate: Signal, mut interrupt: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    println!("stopping");
}
// ANCHOR_END: signals
