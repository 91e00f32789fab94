//! The reference server as a process of the stage's own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use proto::model::v1::model_host_client::ModelHostClient;
use tonic::transport::{Channel, Endpoint};

/// A running reference server. It ends with this value.
pub struct Reference {
    address: tap::Address,
    channel: Channel,
    child: Child,
}

impl Reference {
    /// Starts the server on a free port.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--stop-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", program.display()))?;
        let stdout = child
            .stdout
            .take()
            .context("the reference server has no standard output")?;
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .context("read where the reference server listens")?;
        let said = line.trim().rsplit(' ').next().unwrap_or_default();
        let address: tap::Address = said
            .parse()
            .with_context(|| format!("the reference server did not start: {line:?}"))?;
        let channel = Endpoint::from_shared(address.to_string())?
            .connect()
            .await?;
        Ok(Self {
            address,
            channel,
            child,
        })
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> &tap::Address {
        &self.address
    }

    /// A client of the model host, past every tap.
    pub(crate) fn host(&self) -> ModelHostClient<Channel> {
        ModelHostClient::new(self.channel.clone())
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // Its standard input closes with the child's handle; killing it saves the wait for its grace.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
