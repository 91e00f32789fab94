//! Starts the reference server: parses the command line, calls [`reference::serve`], turns the outcome into an exit
//! code.

mod args;
mod logging;
mod prepare;
mod stop;

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Parser;
use reference::Ending;

use args::Args;
use prepare::prepare;

/// The server failed while it served.
const EXIT_FAILED: u8 = 1;
/// The server could not start: the command line or the machine is at fault. clap exits with the same code.
const EXIT_NOT_STARTED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    logging::start();
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

fn fail(code: u8, error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(code)
}
