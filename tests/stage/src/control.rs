//! The stage's end of the control channel.
//!
//! The program may say anything here, also what is not true. Nothing that it claims is a verdict; what it reports is
//! compared with what was expected.

use std::io;
use std::path::Path;

use kit::protocol::{LARGEST, frame};
use prost::Message;
use proto::control::v1::{FromProgram, ToProgram, from_program, to_program};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

type Stream = Box<dyn Duplex>;

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A socket that one program will dial.
pub(crate) struct Listener {
    #[cfg(unix)]
    socket: tokio::net::UnixListener,
    #[cfg(not(unix))]
    socket: tokio::net::TcpListener,
    /// What the program must dial, as the kit reads it.
    pub(crate) address: String,
}

impl Listener {
    /// Listens inside `folder` where there are Unix sockets, else on a free port of loopback.
    #[cfg_attr(
        unix,
        expect(clippy::unused_async, reason = "binding TCP, elsewhere, waits")
    )]
    pub(crate) async fn bind(folder: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let path = folder.join("control");
            let socket = tokio::net::UnixListener::bind(&path)?;
            Ok(Self {
                socket,
                address: format!("unix:{}", path.display()),
            })
        }
        #[cfg(not(unix))]
        {
            let _ = folder;
            let socket = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
            let address = format!("tcp:{}", socket.local_addr()?);
            Ok(Self { socket, address })
        }
    }

    /// Waits for the program to dial.
    pub(crate) async fn accept(self) -> io::Result<(Reader, Writer)> {
        let (stream, _) = self.socket.accept().await?;
        let (reader, writer) = tokio::io::split(Box::new(stream) as Stream);
        Ok((Reader(reader), Writer(writer)))
    }
}

/// Hears the program.
pub(crate) struct Reader(tokio::io::ReadHalf<Stream>);

impl Reader {
    /// The next message, or `None` when the program has hung up or says what is no message.
    pub(crate) async fn next(&mut self) -> Option<from_program::Kind> {
        loop {
            let length = self
                .0
                .read_u32()
                .await
                .ok()
                .filter(|length| *length <= LARGEST)?;
            let mut bytes = vec![0; length as usize];
            self.0.read_exact(&mut bytes).await.ok()?;
            // A kind that this stage does not know is skipped, as protobuf wants it.
            if let Some(kind) = FromProgram::decode(bytes.as_slice()).ok()?.kind {
                return Some(kind);
            }
        }
    }
}

/// Speaks to the program.
pub(crate) struct Writer(tokio::io::WriteHalf<Stream>);

impl Writer {
    /// Says one thing. A program that has gone is no error: its end is seen elsewhere.
    pub(crate) async fn say(&mut self, kind: to_program::Kind) {
        let message = ToProgram { kind: Some(kind) };
        let _ = self.0.write_all(&frame(&message)).await;
    }
}
