//! Makes a token that a server started with `--auth-key` accepts:
//!
//! ```text
//! cargo run -p reference --example token -- --auth-key key --user alice
//! ```
//!
//! Whoever has the key can do this: with a shared secret, the right to check a token is the right to make one.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Parser;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

/// Prints a token for one user.
#[derive(Debug, Parser)]
struct Args {
    /// The file with the secret, as the server has it
    #[arg(long, value_name = "FILE")]
    auth_key: PathBuf,
    /// Whom the token names
    #[arg(long, value_name = "NAME")]
    user: String,
    /// How long it is accepted
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    seconds: u32,
    /// The issuer, as the server expects it
    #[arg(long, value_name = "NAME", default_value = "wirebook")]
    auth_issuer: String,
    /// The audience, as the server expects it
    #[arg(long, value_name = "NAME", default_value = "reference")]
    auth_audience: String,
}

/// What the token says, under the names that RFC 7519 gives them.
#[derive(Serialize)]
struct Claims {
    sub: String,
    iss: String,
    aud: String,
    /// Seconds since 1970.
    exp: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let secret = std::fs::read(&args.auth_key).context("read the key")?;
    let end = SystemTime::now() + Duration::from_secs(args.seconds.into());
    let claims = Claims {
        sub: args.user,
        iss: args.auth_issuer,
        aud: args.auth_audience,
        exp: end.duration_since(UNIX_EPOCH)?.as_secs(),
    };
    let key = EncodingKey::from_secret(secret.trim_ascii_end());
    println!("{}", encode(&Header::new(Algorithm::HS256), &claims, &key)?);
    Ok(())
}
