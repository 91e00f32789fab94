//! Where a party listens, and the sockets of both kinds.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio_util::either::Either;

/// Where a party listens. Its text form is a URI that tonic's `Endpoint` takes: `http://127.0.0.1:50051` or
/// `unix:/run/edge.sock`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// HTTP/2 with prior knowledge over TCP.
    Tcp(SocketAddr),
    /// HTTP/2 with prior knowledge over a Unix socket.
    Unix(PathBuf),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "http://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// A text that is not an [`Address`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError(String);

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an address: want http://IP:PORT or unix:/PATH",
            self.0
        )
    }
}

impl std::error::Error for AddressError {}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let address = if let Some(path) = text.strip_prefix("unix:") {
            // `unix:///path` has an empty host; `unix:/path` has none. Both name the same file.
            let path = path.strip_prefix("//").unwrap_or(path);
            path.starts_with('/').then(|| Self::Unix(path.into()))
        } else {
            let host = text.strip_prefix("http://");
            let host = host.map(|host| host.strip_suffix('/').unwrap_or(host));
            host.and_then(|host| host.parse().ok()).map(Self::Tcp)
        };
        address.ok_or_else(|| AddressError(text.to_owned()))
    }
}

impl Address {
    /// Opens a connection to whoever listens there.
    pub(crate) async fn dial(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Tcp(address) => tcp(TcpStream::connect(address).await?),
            Self::Unix(path) => Either::Right(UnixStream::connect(path).await?),
        })
    }
}

pub(crate) type Stream = Either<TcpStream, UnixStream>;

/// gRPC writes small frames and waits for the answer: Nagle's algorithm would hold them back.
fn tcp(stream: TcpStream) -> Stream {
    // It fails on a socket that is already dead, which the first read shows better.
    let _ = stream.set_nodelay(true);
    Either::Left(stream)
}

pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Listens on a free port of 127.0.0.1.
    pub(crate) fn tcp() -> io::Result<(Self, Address)> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        // As many as the kernel lets wait: a refused connection would look like a fault of the program under test.
        let listener = socket.listen(1024)?;
        let address = Address::Tcp(listener.local_addr()?);
        Ok((Self::Tcp(listener), address))
    }

    /// Listens on `path`, which must not be there yet.
    pub(crate) fn unix(path: &Path) -> io::Result<(Self, Address)> {
        let listener = UnixListener::bind(path)?;
        Ok((Self::Unix(listener), Address::Unix(path.to_owned())))
    }

    pub(crate) async fn accept(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Tcp(listener) => tcp(listener.accept().await?.0),
            Self::Unix(listener) => Either::Right(listener.accept().await?.0),
        })
    }

    /// Closes the listener and returns the connections that had been opened but not yet accepted. The kernel is asked
    /// directly: the runtime may not know of them.
    pub(crate) fn close(self) -> Vec<Stream> {
        let mut waiting = Vec::new();
        match self {
            Self::Tcp(listener) => {
                let Ok(listener) = listener.into_std() else {
                    return waiting;
                };
                while let Ok((stream, _)) = listener.accept() {
                    let stream = stream
                        .set_nonblocking(true)
                        .and_then(|()| TcpStream::from_std(stream));
                    waiting.extend(stream.map(tcp));
                }
            }
            Self::Unix(listener) => {
                let Ok(listener) = listener.into_std() else {
                    return waiting;
                };
                while let Ok((stream, _)) = listener.accept() {
                    let stream = stream
                        .set_nonblocking(true)
                        .and_then(|()| UnixStream::from_std(stream));
                    waiting.extend(stream.map(Either::Right));
                }
            }
        }
        waiting
    }
}

/// A socket that shows whether it is stalled: the last write found the kernel's buffer full. Whoever uses it does not
/// close it: when it is dropped, its stream goes back to where it came from.
pub(crate) struct Socket {
    /// There until the drop.
    stream: Option<Stream>,
    stalled: Arc<AtomicBool>,
    back: mpsc::UnboundedSender<Stream>,
}

impl Socket {
    pub(crate) fn new(
        stream: Stream,
        back: mpsc::UnboundedSender<Stream>,
    ) -> (Self, Arc<AtomicBool>) {
        let stalled = Arc::new(AtomicBool::new(false));
        let socket = Self {
            stream: Some(stream),
            stalled: stalled.clone(),
            back,
        };
        (socket, stalled)
    }

    fn stream(&mut self) -> Pin<&mut Stream> {
        Pin::new(self.stream.as_mut().expect("it is there until the drop"))
    }

    fn note<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.stalled.store(poll.is_pending(), Ordering::Relaxed);
        poll
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            // It fails when nobody wants it back, and then it is closed.
            let _ = self.back.send(stream);
        }
    }
}

/// Closes a stream so that its peer can still read what is on its way to it. A socket that is closed at once is reset when
/// its peer goes on writing, and what the peer has not read by then is lost.
pub(crate) async fn close(mut stream: Stream) {
    let _ = stream.shutdown().await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = self.stream().poll_write(cx, buf);
        self.note(poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = self.stream().poll_write_vectored(cx, bufs);
        self.note(poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream
            .as_ref()
            .is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    /// The peer writes something that is never read. A socket that is dropped with such bytes is reset at once.
    #[tokio::test]
    async fn what_is_on_its_way_arrives_although_the_peer_writes() {
        let (listener, address) = Listener::tcp().unwrap();
        let mut peer = address.dial().await.unwrap();
        let mut accepted = listener.accept().await.unwrap();
        peer.write_all(b"unread").await.unwrap();
        accepted.write_all(&[7; 200_000]).await.unwrap();
        let closing = tokio::spawn(close(accepted));
        let mut read = Vec::new();
        peer.read_to_end(&mut read).await.unwrap();
        assert_eq!(read.len(), 200_000);
        drop(peer);
        closing.await.unwrap();
    }

    #[test]
    fn an_address_is_read_back_from_its_text() {
        for text in [
            "http://127.0.0.1:50051",
            "http://[::1]:80",
            "unix:/tmp/a b.sock",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        assert_eq!("unix:///x".parse::<Address>(), "unix:/x".parse());
        assert_eq!(
            "http://127.0.0.1:1/"
                .parse::<Address>()
                .unwrap()
                .to_string(),
            "http://127.0.0.1:1"
        );
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for text in [
            "",
            "127.0.0.1:50051",
            "http://127.0.0.1",
            "unix:relative",
            "https://127.0.0.1:1",
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.to_string().contains("want http://IP:PORT"), "{error}");
        }
    }
}
