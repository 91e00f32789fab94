//! The program's process, and what it prints.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::stage::Program;

/// How much of what a program prints is kept.
const OUTPUT: usize = 64 << 10;

/// A program that runs.
pub(crate) struct Process {
    pub(crate) child: Child,
    output: Arc<Mutex<Vec<u8>>>,
    readers: JoinSet<()>,
}

impl Process {
    /// Starts a program that dials the stage at this address.
    pub(crate) fn spawn(program: &Program, stage: &str) -> Result<Self> {
        let mut child = Command::new(&program.path)
            .arg(&program.exercise)
            .env(kit::protocol::STAGE, stage)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("start {}", program.path.display()))?;
        let output = Arc::<Mutex<Vec<u8>>>::default();
        let mut readers = JoinSet::new();
        if let Some(stdout) = child.stdout.take() {
            readers.spawn(keep(stdout, output.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.spawn(keep(stderr, output.clone()));
        }
        Ok(Self {
            child,
            output,
            readers,
        })
    }

    /// Ends the process, if it has not ended, and returns what it printed.
    pub(crate) async fn end(mut self) -> String {
        let _ = self.child.kill().await;
        // A grandchild may hold the pipes open for ever. What the program itself printed has been read by now.
        let _ = tokio::time::timeout(Duration::from_secs(1), async {
            while self.readers.join_next().await.is_some() {}
        })
        .await;
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&output).into_owned()
    }
}

/// Keeps the beginning of what a program prints, and reads the rest so that it does not block.
async fn keep(mut pipe: impl AsyncRead + Unpin, output: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        let room = OUTPUT.saturating_sub(output.len());
        output.extend(&buffer[..count.min(room)]);
    }
}
