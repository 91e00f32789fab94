//! The command line.

use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::Parser;
use reference::Address;

/// The course's reference server: document classification over gRPC.
///
/// It prints its address on one line on standard output once it listens, and logs to standard error: warnings by
/// default, every call with RUST_LOG=info. SIGTERM and Ctrl-C stop it gracefully.
#[derive(Debug, Parser)]
#[command(after_help = "Examples:\n  \
    cargo xtask serve --listen 127.0.0.1:0\n  \
    openssl rand -hex 32 > key && cargo xtask serve --listen 0.0.0.0:50051 --auth-key key\n  \
    cargo run -p reference --example token -- --auth-key key --user alice\n\n\
    Exit codes: 0 stopped on request, 1 failed while serving, 2 could not start.")]
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

    /// Folder that uploads are kept in; the first one makes it
    #[arg(long, value_name = "DIR", default_value = "target/uploads")]
    pub(crate) store: PathBuf,

    /// Seconds that calls in flight have to finish after the signal to stop; then they are cut
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) grace: u32,

    /// Stop when standard input closes: a parent that keeps the other end never leaves a server behind
    #[arg(long)]
    pub(crate) stop_with_stdin: bool,

    /// Take connections only from the process that started the server; needs --listen unix:/path
    #[arg(long)]
    pub(crate) only_for_parent: bool,
}
