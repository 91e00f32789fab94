//! Measures what an upload costs the server in memory: the budget "upload" of the course.
//!
//! Two servers are started, each in its process. One receives a file of 1 MiB, the other one of 50 MiB, and each is
//! asked for the most memory it has held (`VmHWM` in `/proc`, "high water mark"). If chunks are written as they come, the
//! two hardly differ. If they are gathered, they differ by 49 MiB.
//!
//! The servers carry no model, whose loading takes more memory than an upload and would hide it.
//!
//! Exit codes: 0 within the budget, 1 above it, 2 could not measure.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use classifier::{Error, Score};
use proto::classification::v1::DocumentChunk;
use proto::classification::v1::document_classifier_client::DocumentClassifierClient;
use reference::{Config, Inference, Limits, Listener, Model, Store, serve};
use sha2::{Digest, Sha256};
use temp_dir::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// How much more memory the larger file may take, in KiB.
const BUDGET_KIB: i64 = 8 * 1024;
/// The files, in MiB. The second is the longest that the server takes.
const SIZES_MIB: [usize; 2] = [1, 50];
/// Bytes of a chunk, as the contract advises.
const CHUNK_BYTES: usize = 256 * 1024;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let outcome = match arguments.next() {
        None => measure_all().await,
        Some(store) => run_server(&PathBuf::from(store)).await.map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Measures and prints, and says whether the budget holds.
async fn measure_all() -> Result<bool> {
    let mut peaks = Vec::new();
    for mib in SIZES_MIB {
        let peak = measure(mib)
            .await
            .with_context(|| format!("measure an upload of {mib} MiB"))?;
        println!("{mib:>3} MiB uploaded: the server held at most {peak:>6} KiB");
        peaks.push(peak);
    }
    let difference = peaks[1] - peaks[0];
    let holds = difference <= BUDGET_KIB;
    let verdict = if holds { "within" } else { "above" };
    println!("difference: {difference} KiB, {verdict} the budget of {BUDGET_KIB} KiB");
    Ok(holds)
}

/// The most memory that a fresh server has held when it has received one file, in KiB.
async fn measure(mib: usize) -> Result<i64> {
    let folder = TempDir::new().context("make a folder")?;
    let mut server = Command::new(env::current_exe().context("find this program")?)
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("start a server")?;
    let stdout = server.stdout.take().context("read from the server")?;
    let mut uri = String::new();
    BufReader::new(stdout)
        .read_line(&mut uri)
        .await
        .context("read the server's address")?;
    upload(uri.trim().to_owned(), mib * 1024 * 1024).await?;
    let id = server.id().context("the server has ended")?;
    high_water_mark(id)
}

async fn upload(uri: String, bytes: usize) -> Result<()> {
    let mut client = DocumentClassifierClient::connect(uri).await?;
    let last = bytes / CHUNK_BYTES - 1;
    let mut checksum = Sha256::new();
    // Made one at a time, as they are sent: this program stays as small as the server should.
    let chunks = (0..=last).map(move |n| {
        let data = vec![n as u8; CHUNK_BYTES];
        checksum.update(&data);
        let is_last = n == last;
        DocumentChunk {
            data,
            document_id: "measured".to_owned(),
            chunk_number: n as i32,
            is_last,
            mime_type: if n == 0 { "application/pdf" } else { "" }.to_owned(),
            total_bytes: if is_last { bytes as i64 } else { 0 },
            sha256: if is_last {
                checksum.clone().finalize().to_vec()
            } else {
                Vec::new()
            },
        }
    });
    let receipt = client
        .upload_document(tokio_stream::iter(chunks))
        .await?
        .into_inner();
    if receipt.total_bytes != bytes as i64 {
        bail!("the server has stored {} bytes", receipt.total_bytes);
    }
    Ok(())
}

fn high_water_mark(process: u32) -> Result<i64> {
    let path = format!("/proc/{process}/status");
    let status =
        fs::read_to_string(&path).with_context(|| format!("read {path}, which only Linux has"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB"))
        .and_then(|kib| kib.trim().parse().ok())
        .with_context(|| format!("{path} has no VmHWM"))
}

/// The other role of this program: a server that stops when its standard input closes.
async fn run_server(store: &Path) -> Result<()> {
    let listener = Listener::bind(&"127.0.0.1:0".parse().map_err(anyhow::Error::msg)?).await?;
    println!("{}", listener.uri()?);
    std::io::stdout().flush()?;
    let config = Config {
        inference: Inference::new(Arc::new(NoModel), 1, 1),
        store: Store::folder(store)?,
        grace: Duration::ZERO,
        auth: None,
        limits: Limits::default(),
    };
    let parent_left = async {
        let read = || std::io::stdin().read_to_end(&mut Vec::new());
        let _ = tokio::task::spawn_blocking(read).await;
    };
    serve(listener, config, parent_left)
        .await
        .map_err(|error| anyhow::anyhow!(error))?;
    Ok(())
}

/// A model that is never asked.
struct NoModel;

impl Model for NoModel {
    fn version(&self) -> &str {
        "none"
    }

    fn rank(&self, _text: &str) -> Result<Vec<Score>, Error> {
        Err(Error::EmptyText)
    }
}
