//! Where a server listens: a TCP port or a Unix socket.
//!
//! Port 0 lets the system choose a free port. The listener knows the address that came of it, so nobody has to guess
//! a port and hope that it is still free a moment later.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio_stream::wrappers::UnixListenerStream;
use tokio_stream::{Stream, StreamExt};

/// What may be asked for: `127.0.0.1:50051`, `[::1]:0`, `unix:/run/reference.sock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An IP address and a port. Port 0: any free one.
    Tcp(SocketAddr),
    /// The path of a socket file.
    Unix(PathBuf),
}

impl Address {
    /// Whether only this machine can reach the address.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some("") => Err("the path is missing: write unix:/path/to/socket".to_owned()),
            Some(path) => Ok(Self::Unix(path.into())),
            None => text.parse().map(Self::Tcp).map_err(|_| {
                "neither an IP address with a port nor a Unix socket: write 127.0.0.1:50051, [::1]:50051 or \
                 unix:/path/to/socket"
                    .to_owned()
            }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A socket that is open for connections.
#[derive(Debug)]
pub enum Listener {
    /// On a TCP port.
    Tcp(TcpListener),
    /// On a Unix socket.
    Unix(UnixSocket),
}

impl Listener {
    /// Opens the address. Connections that come from now on wait until the server takes them.
    pub async fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            Address::Unix(path) => {
                let listener = bind_unix(path).await?;
                let file = SocketFile(path.clone());
                Ok(Self::Unix(UnixSocket {
                    listener,
                    file,
                    only: None,
                }))
            }
        }
    }

    /// From now on, takes connections from the process with this id only, and closes all others. `None`: on a TCP port
    /// nobody knows which process calls.
    pub fn only(self, process: u32) -> Option<Self> {
        match self {
            Self::Tcp(_) => None,
            Self::Unix(socket) => Some(Self::Unix(UnixSocket {
                only: Some(process),
                ..socket
            })),
        }
    }

    /// The address as a URI that tonic's `Endpoint` takes, with the real port.
    pub fn uri(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(format!("http://{}", listener.local_addr()?)),
            Self::Unix(socket) => Ok(format!("unix:{}", socket.file.0.display())),
        }
    }
}

/// A Unix socket that is open for connections. Its file goes away with it.
#[derive(Debug)]
pub struct UnixSocket {
    listener: UnixListener,
    file: SocketFile,
    /// The one process that may connect, if others may not.
    only: Option<u32>,
}

impl UnixSocket {
    /// The connections that may be served, as they come.
    pub(crate) fn incoming(self) -> impl Stream<Item = io::Result<UnixStream>> {
        let Self {
            listener,
            file,
            only,
        } = self;
        UnixListenerStream::new(listener).filter(move |accepted| {
            // The file is kept as long as the stream is.
            let _ = &file;
            accepted
                .as_ref()
                .map_or(true, |stream| is_allowed(stream, only))
        })
    }
}

/// Whether whoever connected may. The system noted who it was, and nobody can claim to be another.
fn is_allowed(stream: &UnixStream, only: Option<u32>) -> bool {
    let Some(only) = only else { return true };
    let peer = stream.peer_cred().ok().and_then(|peer| peer.pid());
    let allowed = peer.and_then(|pid| u32::try_from(pid).ok()) == Some(only);
    if !allowed {
        tracing::warn!(peer, only, "refused a connection");
    }
    allowed
}

/// Removes its socket file when it is dropped.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // It may be gone already, and nobody is left who could act on an error.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A server that was killed leaves its socket file behind, and then nobody can bind the path. So a socket
/// file at which nobody answers is replaced. Any other file belongs to somebody, and stays.
async fn bind_unix(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_abandoned(path).await => {
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        bound => bound,
    }
}

async fn is_abandoned(path: &Path) -> bool {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket());
    let refused = UnixStream::connect(path)
        .await
        .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    is_socket && refused
}
