//! From the command line to a server that is ready to serve, or to what is wrong and what to do about it.

use std::io::{self, Write};
use std::os::unix::process::parent_id;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use classifier::Classifier;
use reference::{Address, Auth, Config, Inference, Limits, Listener, Store};

use crate::args::Args;
use crate::stop::Stop;

/// Everything that can go wrong before the first call. The address is printed last: it says that the server is there.
pub(crate) async fn prepare(args: &Args) -> Result<(Listener, Config, Stop)> {
    if let Some(refusal) = refusal(args) {
        return Err(anyhow!(refusal));
    }
    // Before the model is read, which takes a while: a parent that ends meanwhile would leave another in its place.
    let parent = args.only_for_parent.then(parent_id);
    let config = config(args)?;
    let stop = Stop::watch(args.stop_with_stdin).context("watch for signals")?;
    let listener = Listener::bind(&args.listen)
        .await
        .map_err(|error| anyhow!(bind_failure(&args.listen, &error)))?;
    let listener = match parent {
        Some(parent) => listener.only(parent).ok_or_else(|| {
            anyhow!(
                "--only-for-parent needs a Unix socket: on a TCP port nobody knows which process calls\n\
                 Next: use --listen unix:/path/to/socket"
            )
        })?,
        None => listener,
    };
    let uri = listener.uri().context("read the address back")?;
    writeln!(io::stdout(), "listening on {uri}").context("print the address")?;
    tracing::info!(uri, ?config, "serving");
    Ok((listener, config, stop))
}

fn config(args: &Args) -> Result<Config> {
    let model = Classifier::load().context("load the model")?;
    let threads = match args.inference_threads {
        Some(threads) => threads.get().into(),
        None => available_parallelism().map_or(1, usize::from),
    };
    let store =
        Store::folder(&args.store).map_err(|error| anyhow!(store_failure(&args.store, &error)))?;
    let auth = match &args.auth_key {
        Some(path) => Some(read_key(path, args).map_err(|failure| anyhow!(failure))?),
        None => None,
    };
    Ok(Config {
        inference: Inference::new(Arc::new(model), threads, args.queue.into()),
        store,
        grace: Duration::from_secs(args.grace.into()),
        auth: auth.map(Arc::new),
        limits: Limits::default(),
    })
}

/// Why the server will not listen there, if other machines could call it without a token.
fn refusal(args: &Args) -> Option<String> {
    if args.listen.is_local() || args.auth_key.is_some() || args.no_auth_beyond_loopback {
        return None;
    }
    Some(format!(
        "will not listen on {}: other machines could reach it\n\
         Without a key the server does not ask who is calling, so by default only this machine may.\n\
         Next: use --listen 127.0.0.1:50051, or ask for tokens with --auth-key FILE, or add \
         --no-auth-beyond-loopback if the network is yours",
        args.listen,
    ))
}

/// Reads the secret, or says what is wrong with it.
fn read_key(path: &Path, args: &Args) -> Result<Auth, String> {
    let shown = path.display();
    let make = format!("make one: openssl rand -hex 32 > {shown}");
    let file = std::fs::read(path)
        .map_err(|error| format!("cannot read the key {shown}: {error}\nNext: {make}"))?;
    // Most tools end a file with a line break, and signers disagree on whether it counts.
    let secret = file.trim_ascii_end();
    Auth::new(secret, &args.auth_issuer, &args.auth_audience)
        .map_err(|error| format!("the key {shown} is too short: {error}\nNext: {make}"))
}

/// Why the server cannot listen there: what happened, the likely cause, and what to do next.
fn bind_failure(address: &Address, error: &io::Error) -> String {
    let (cause, next) = match (error.kind(), address) {
        (io::ErrorKind::AddrInUse, Address::Tcp(_)) => (
            "another program has the port, perhaps a server that you started before",
            "stop it, or let the system choose a port: cargo xtask serve --listen 127.0.0.1:0",
        ),
        (io::ErrorKind::AddrInUse, Address::Unix(_)) => (
            "a running server has the path, or a file that is not a socket is in the way",
            "stop that server, or choose another path",
        ),
        (io::ErrorKind::PermissionDenied, Address::Tcp(_)) => (
            "ports below 1024 are often reserved for the system",
            "choose a higher port: cargo xtask serve --listen 127.0.0.1:50051",
        ),
        (io::ErrorKind::AddrNotAvailable, Address::Tcp(_)) => (
            "this machine does not have that IP address",
            "listen on loopback: cargo xtask serve --listen 127.0.0.1:50051",
        ),
        (_, Address::Unix(_)) => (
            "the folder does not exist or may not be written to, or the path is longer than about 100 bytes",
            "choose another path, such as unix:/tmp/reference.sock",
        ),
        _ => (
            "the system refused the address",
            "try the default: cargo xtask serve",
        ),
    };
    format!("cannot listen on {address}: {error}\nLikely cause: {cause}\nNext: {next}")
}

/// Why uploads cannot be kept there.
fn store_failure(folder: &Path, error: &io::Error) -> String {
    format!(
        "cannot keep uploads in {}: {error}\n\
         Likely cause: the path is a file, or its name is not plain UTF-8 text\n\
         Next: choose a folder, which need not exist yet: cargo xtask serve --store target/uploads",
        folder.display(),
    )
}
