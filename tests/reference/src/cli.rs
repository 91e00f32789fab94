//! The command line: what may be asked, and what is wrong with it.

use std::io;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use clap::Parser;
use reference::{Address, Auth};

/// The course's reference server: document classification over gRPC.
///
/// It prints its address on one line on standard output once it listens, and logs to standard error: warnings by
/// default, every call with RUST_LOG=info. SIGTERM and Ctrl-C stop it gracefully.
#[derive(Debug, Parser)]
#[command(after_help = "Examples:\n  \
    cargo run -p reference -- --listen 127.0.0.1:0\n  \
    openssl rand -hex 32 > key && cargo run -p reference -- --listen 0.0.0.0:50051 --auth-key key\n  \
    cargo run -p reference --example token -- --auth-key key --user alice\n\n\
    Exit codes: 0 stopped when told to, 1 failed while serving, 2 could not start.")]
pub(crate) struct Args {
    /// Where to listen: IP:PORT (port 0: any free port) or unix:/path
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:50051")]
    pub(crate) listen: Address,

    /// Ask every caller for a token (JWT, HS256) that was signed with the secret in this file, of at least 32 bytes
    ///
    /// White space at the end of the file is not part of the secret. Tokens travel as they are: beyond loopback, put
    /// something that speaks TLS in front of the server.
    #[arg(long, value_name = "FILE")]
    pub(crate) auth_key: Option<PathBuf>,

    /// The issuer (iss) that a token must name
    #[arg(long, value_name = "NAME", default_value = "wirebook")]
    pub(crate) auth_issuer: String,

    /// The audience (aud) that a token must name: this server
    #[arg(long, value_name = "NAME", default_value = "reference")]
    pub(crate) auth_audience: String,

    /// Listen without --auth-key even where other machines can reach the server
    #[arg(long)]
    pub(crate) no_auth_beyond_loopback: bool,

    /// Texts that the model works on at a time [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) inference_threads: Option<NonZeroU16>,

    /// Texts that may wait for the model; more are refused with RESOURCE_EXHAUSTED
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub(crate) queue: u16,

    /// Folder that uploads are kept in; it is made when the first one comes
    #[arg(long, value_name = "DIR", default_value = "target/uploads")]
    pub(crate) store: PathBuf,

    /// Seconds that calls in flight have to finish after the signal to stop; then they are cut
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) grace: u32,

    /// Stop when standard input closes: a parent that keeps the other end never leaves a server behind
    #[arg(long)]
    pub(crate) stop_with_stdin: bool,
}

/// Why the address is not to be used, if so.
pub(crate) fn refusal(args: &Args) -> Option<String> {
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

/// Reads the secret, and says what is wrong with it.
pub(crate) fn auth(path: &Path, args: &Args) -> Result<Auth, String> {
    let shown = path.display();
    let make = format!("make one: openssl rand -hex 32 > {shown}");
    let file = std::fs::read(path)
        .map_err(|error| format!("cannot read the key {shown}: {error}\nNext: {make}"))?;
    // Most tools end a file with a line break, and signers disagree on whether it counts.
    let secret = file.trim_ascii_end();
    Auth::new(secret, &args.auth_issuer, &args.auth_audience)
        .map_err(|error| format!("the key {shown} is too short: {error}\nNext: {make}"))
}

/// What happened, why it probably did, and what to do next.
pub(crate) fn bind_failure(address: &Address, error: &io::Error) -> String {
    let (cause, next) = match (error.kind(), address) {
        (io::ErrorKind::AddrInUse, Address::Tcp(_)) => (
            "another program has the port, perhaps a server that you started before",
            "stop it, or let the system choose a port: cargo run -p reference -- --listen 127.0.0.1:0",
        ),
        (io::ErrorKind::AddrInUse, Address::Unix(_)) => (
            "a running server has the path, or a file that is not a socket is in the way",
            "stop that server, or choose another path",
        ),
        (io::ErrorKind::PermissionDenied, Address::Tcp(_)) => (
            "ports below 1024 are often reserved for the system",
            "choose a higher port: cargo run -p reference -- --listen 127.0.0.1:50051",
        ),
        (io::ErrorKind::AddrNotAvailable, Address::Tcp(_)) => (
            "this machine does not have that IP address",
            "listen on loopback: cargo run -p reference -- --listen 127.0.0.1:50051",
        ),
        (_, Address::Unix(_)) => (
            "the folder does not exist or may not be written to, or the path is longer than about 100 bytes",
            "choose another path, such as unix:/tmp/reference.sock",
        ),
        _ => (
            "the system refused the address",
            "try the default: cargo run -p reference",
        ),
    };
    format!("cannot listen on {address}: {error}\nLikely cause: {cause}\nNext: {next}")
}

/// Why uploads cannot be kept there.
pub(crate) fn store_failure(folder: &Path, error: &io::Error) -> String {
    format!(
        "cannot keep uploads in {}: {error}\n\
         Likely cause: the path is a file, or its name is not plain UTF-8 text\n\
         Next: choose a folder, which need not exist yet: cargo run -p reference -- --store target/uploads",
        folder.display(),
    )
}
