//! The reference server as a process that the stage starts.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use proto::model::v1::model_host_client::ModelHostClient;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::ChildStdout;
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};

use crate::environment;
use crate::folder::PrivateFolder;
use crate::group::Group;

/// How long the server may take to say where it listens: it reads its model first. Generous, since a machine under load
/// is slow; without it, a server that never comes up would keep every check waiting for ever.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running reference server. It ends with this value.
///
/// Only this process can call it: it listens on a Unix socket in a private folder, and refuses whoever is not its parent. So
/// a program under test reaches it through the tap or not at all.
pub struct Reference {
    address: tap::Address,
    channel: Channel,
    process: ServerProcess,
    /// Holds the socket.
    _folder: PrivateFolder,
}

impl Reference {
    /// Starts the server.
    ///
    /// # Errors
    ///
    /// When it does not start, or does not say where it listens in time.
    pub async fn start(program: &Path) -> Result<Self> {
        let folder = PrivateFolder::new().context("make a folder for the reference server")?;
        let socket = folder.path().join("server");
        let child = Command::new(program)
            .env_clear()
            .envs(environment::of_child())
            .arg("--listen")
            .arg(format!("unix:{}", socket.display()))
            .args(["--only-for-parent", "--stop-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn();
        let child = child.with_context(|| format!("start {}", program.display()))?;
        let mut process = ServerProcess {
            group: Group::of(child.id()),
            child,
        };
        let stdout = process
            .child
            .stdout
            .take()
            .context("the reference server has no standard output")?;
        let line = first_line(ChildStdout::from_std(stdout)?).await?;
        let address: tap::Address = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap_or_default()
            .parse()
            .with_context(|| format!("the reference server did not start: {line:?}"))?;
        let channel = Endpoint::from_shared(address.to_string())?
            .connect()
            .await?;
        Ok(Self {
            address,
            channel,
            process,
            _folder: folder,
        })
    }

    /// Whether its process has not ended.
    pub fn runs(&mut self) -> bool {
        matches!(self.process.child.try_wait(), Ok(None))
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.child.id()
    }

    pub(crate) fn address(&self) -> &tap::Address {
        &self.address
    }

    /// A client of the model host, past every tap.
    pub(crate) fn host(&self) -> ModelHostClient<Channel> {
        ModelHostClient::new(self.channel.clone())
    }
}

/// The first line that a server prints. Empty when it prints nothing and has ended.
async fn first_line(output: impl AsyncRead + Unpin) -> Result<String> {
    let mut line = String::new();
    timeout(START_TIMEOUT, BufReader::new(output).read_line(&mut line))
        .await
        .context("wait for the reference server to say where it listens")?
        .context("read where the reference server listens")?;
    Ok(line)
}

/// A process that ends with this value, also where the server does not come up.
struct ServerProcess {
    child: Child,
    group: Group,
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // The server would stop by itself, since its standard input closes; killing it saves its grace period.
        self.group.kill();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn server_that_ends_at_once_has_not_started() {
        let error = Reference::start(Path::new("false")).await.err();
        let error = format!("{:#}", error.expect("it is not a server"));
        assert!(error.contains("did not start"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn silent_server_is_not_waited_for_without_end() {
        let (_silent, output) = tokio::io::duplex(64);
        let error = first_line(output).await.expect_err("it prints nothing");
        assert!(error.to_string().contains("wait for"), "{error:#}");
    }

    #[tokio::test]
    async fn first_line_is_all_that_is_read_for() {
        let (mut server, output) = tokio::io::duplex(64);
        let line = b"listening on http://127.0.0.1:1\n";
        tokio::io::AsyncWriteExt::write_all(&mut server, line)
            .await
            .expect("it is read");
        let read = first_line(output).await.expect("there is a line");
        assert_eq!(read.as_bytes(), line);
    }
}
