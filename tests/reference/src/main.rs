//! Starts the reference server: parses the command line, calls [`reference::serve`], turns the outcome into an exit
//! code.

mod cli;
mod stop;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use classifier::Classifier;
use reference::{Config, Ending, Inference, Limits, Listener, Store};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use cli::Args;
use stop::Stop;

/// The server failed while it served.
const EXIT_FAILED: u8 = 1;
/// The server could not start: the command line or the machine is at fault. clap exits with the same code.
const EXIT_NOT_STARTED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    start_logging();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(EXIT_NOT_STARTED, &anyhow!(error).context("start tokio")),
    };
    let code = runtime.block_on(run(&args));
    // Dropping the runtime would wait for a model that is still at work, beyond any grace limit.
    runtime.shutdown_background();
    code
}

async fn run(args: &Args) -> ExitCode {
    let (listener, config, stop) = match prepare(args).await {
        Ok(ready) => ready,
        Err(error) => return fail(EXIT_NOT_STARTED, &error),
    };
    match reference::serve(listener, config, stop.requested()).await {
        Ok(Ending::Drained) => ExitCode::SUCCESS,
        Ok(Ending::Cut) => {
            tracing::warn!("the grace limit passed: calls that were still running were cut");
            ExitCode::SUCCESS
        }
        Err(error) => fail(EXIT_FAILED, &anyhow!(error).context("serving failed")),
    }
}

/// Everything that can go wrong before the first call. The address is printed last: it says that the server is there.
async fn prepare(args: &Args) -> Result<(Listener, Config, Stop)> {
    if let Some(refusal) = cli::refusal(args) {
        return Err(anyhow!(refusal));
    }
    let model = Classifier::load().context("load the model")?;
    let threads = match args.inference_threads {
        Some(threads) => threads.get().into(),
        None => available_parallelism().map_or(1, usize::from),
    };
    let store = Store::folder(&args.store)
        .map_err(|error| anyhow!(cli::store_failure(&args.store, &error)))?;
    let auth = match &args.auth_key {
        Some(path) => Some(cli::auth(path, args).map_err(|failure| anyhow!(failure))?),
        None => None,
    };
    let config = Config {
        inference: Inference::new(Arc::new(model), threads, args.queue.into()),
        store,
        grace: Duration::from_secs(args.grace.into()),
        auth: auth.map(Arc::new),
        limits: Limits::default(),
    };
    let stop = Stop::watch(args.stop_with_stdin).context("watch for signals")?;
    let listener = Listener::bind(&args.listen)
        .await
        .map_err(|error| anyhow!(cli::bind_failure(&args.listen, &error)))?;
    let uri = listener.uri().context("read the address back")?;
    writeln!(std::io::stdout(), "listening on {uri}").context("print the address")?;
    tracing::info!(uri, ?config, "serving");
    Ok((listener, config, stop))
}

fn start_logging() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    // Colours are for a person at a terminal who did not ask for none; a file or a pipe gets plain text.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal() && !no_color)
        .with_writer(std::io::stderr)
        .init();
}

fn fail(code: u8, error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(code)
}
