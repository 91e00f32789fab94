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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proto::control::v1::{Listening, Stop};
    use tokio_test::io::Builder;
    use tokio_test::{assert_ready_eq, task};

    use super::*;

    fn ends(script: &mut Builder) -> (Reader, Writer) {
        let (reader, writer) = tokio::io::split(Box::new(script.build()) as Stream);
        (Reader(reader), Writer(writer))
    }

    fn listening(address: &str) -> from_program::Kind {
        from_program::Kind::Listening(Listening {
            address: address.to_owned(),
        })
    }

    fn framed(kind: from_program::Kind) -> Vec<u8> {
        frame(&FromProgram { kind: Some(kind) })
    }

    #[tokio::test]
    async fn messages_come_whole_however_their_bytes_come() {
        let said = ["one", "two", "three"].map(listening);
        let bytes = said.clone().map(framed).concat();
        // Inside a length, inside a message, and two messages at once.
        for cuts in [[2, 7], [5, 12], [1, bytes.len() - 1]] {
            let (reader, _) = bytes.split_at(cuts[0]);
            let (middle, last) = bytes[cuts[0]..].split_at(cuts[1] - cuts[0]);
            let mut script = Builder::new();
            script.read(reader).read(middle).read(last);
            let (mut heard, _) = ends(&mut script);
            for kind in &said {
                assert_eq!(heard.next().await.as_ref(), Some(kind), "cut at {cuts:?}");
            }
            assert_eq!(heard.next().await, None, "then it hung up");
        }
    }

    #[tokio::test]
    async fn a_program_that_dies_in_the_middle_of_a_word_has_hung_up() {
        let bytes = framed(listening("somewhere"));
        let mut script = Builder::new();
        script.read(&bytes[..bytes.len() - 1]);
        assert_eq!(ends(&mut script).0.next().await, None);
    }

    #[tokio::test]
    async fn a_length_that_is_a_lie_is_not_waited_for() {
        let mut script = Builder::new();
        script.read(&(LARGEST + 1).to_be_bytes());
        script.wait(Duration::from_secs(3600));
        let (mut heard, _) = ends(&mut script);
        assert_ready_eq!(task::spawn(heard.next()).poll(), None);
    }

    #[tokio::test]
    async fn a_kind_that_is_not_known_is_skipped() {
        let mut script = Builder::new();
        script.read(&frame(&FromProgram { kind: None }));
        script.read(&framed(listening("here")));
        let next = ends(&mut script).0.next().await;
        assert_eq!(next, Some(listening("here")));
    }

    #[tokio::test]
    async fn what_is_said_is_a_frame() {
        let kind = to_program::Kind::Stop(Stop {});
        let mut script = Builder::new();
        script.write(&frame(&ToProgram {
            kind: Some(kind.clone()),
        }));
        // The script panics if anything else is written, or when it is dropped with something left to be written.
        ends(&mut script).1.say(kind).await;
    }
}
