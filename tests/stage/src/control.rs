//! The stage's end of the control channel.
//!
//! The program may send anything here, also what is not true. Nothing that it claims is a verdict; what it reports is
//! compared with what was expected.

use std::io;
use std::path::{Path, PathBuf};

use kit::protocol::{MAX_FROM_PROGRAM_BYTES, frame};
use prost::Message;
use proto::control::v1::{FromProgram, ToProgram, from_program, to_program};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::UnixListener;

use crate::excess::Excess;
use crate::limits::MAX_REPORTED_BYTES;

type Stream = Box<dyn Duplex>;

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A socket that one program will dial.
pub(crate) struct Listener {
    socket: UnixListener,
    /// The path of the socket, as the kit reads it.
    pub(crate) path: PathBuf,
}

impl Listener {
    /// Listens on a new socket in `folder`.
    pub(crate) fn bind(folder: &Path) -> io::Result<Self> {
        let path = folder.join("control");
        let socket = UnixListener::bind(&path)?;
        Ok(Self { socket, path })
    }

    /// Waits for the program to dial.
    pub(crate) async fn accept(&self) -> io::Result<(Reader, Writer)> {
        let (stream, _) = self.socket.accept().await?;
        let (reader, writer) = tokio::io::split(Box::new(stream) as Stream);
        Ok((Reader::new(reader), Writer(writer)))
    }
}

/// What comes next from the program.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// A message.
    Message(from_program::Kind),
    /// It has hung up, or sends something that is not a message.
    HungUp,
    /// More than it may send, of which nothing was read. There is no sense in reading on.
    Excess(Excess),
}

/// Receives the program's messages.
pub(crate) struct Reader {
    socket: tokio::io::ReadHalf<Stream>,
    /// How many bytes of messages have come.
    received: usize,
}

impl Reader {
    fn new(socket: tokio::io::ReadHalf<Stream>) -> Self {
        Self {
            socket,
            received: 0,
        }
    }

    /// Waits for the next message.
    pub(crate) async fn next(&mut self) -> Next {
        self.read().await.unwrap_or(Next::HungUp)
    }

    /// `None` where it has hung up.
    async fn read(&mut self) -> Option<Next> {
        loop {
            let length = self.socket.read_u32().await.ok()?;
            // Before any memory is set aside for it.
            if length > MAX_FROM_PROGRAM_BYTES {
                return Some(Next::Excess(Excess::Message));
            }
            self.received += length as usize;
            if self.received > MAX_REPORTED_BYTES {
                return Some(Next::Excess(Excess::Reported));
            }
            let mut bytes = vec![0; length as usize];
            self.socket.read_exact(&mut bytes).await.ok()?;
            // A kind that this stage does not know is skipped, as unknown fields are in protobuf.
            if let Some(kind) = FromProgram::decode(bytes.as_slice()).ok()?.kind {
                return Some(Next::Message(kind));
            }
        }
    }
}

/// Sends messages to the program.
pub(crate) struct Writer(tokio::io::WriteHalf<Stream>);

impl Writer {
    /// Sends one message. That the program has gone is not an error here: its end is seen elsewhere.
    pub(crate) async fn send(&mut self, kind: to_program::Kind) {
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
        (Reader::new(reader), Writer(writer))
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
    async fn messages_arrive_whole_wherever_their_bytes_are_cut() {
        let messages = ["one", "two", "three"].map(listening);
        let bytes = messages.clone().map(framed).concat();
        // Inside a length, inside a message, and two messages in one read.
        for cuts in [[2, 7], [5, 12], [1, bytes.len() - 1]] {
            let (first, _) = bytes.split_at(cuts[0]);
            let (middle, last) = bytes[cuts[0]..].split_at(cuts[1] - cuts[0]);
            let mut script = Builder::new();
            script.read(first).read(middle).read(last);
            let (mut reader, _) = ends(&mut script);
            for message in &messages {
                let next = reader.next().await;
                assert_eq!(next, Next::Message(message.clone()), "cut at {cuts:?}");
            }
            assert_eq!(reader.next().await, Next::HungUp);
        }
    }

    #[tokio::test]
    async fn program_that_dies_inside_a_message_has_hung_up() {
        let bytes = framed(listening("somewhere"));
        let mut script = Builder::new();
        script.read(&bytes[..bytes.len() - 1]);
        assert_eq!(ends(&mut script).0.next().await, Next::HungUp);
    }

    #[tokio::test]
    async fn too_long_message_is_not_waited_for() {
        let mut script = Builder::new();
        script.read(&(MAX_FROM_PROGRAM_BYTES + 1).to_be_bytes());
        script.wait(Duration::from_secs(3600));
        let (mut reader, _) = ends(&mut script);
        let excess = Next::Excess(Excess::Message);
        assert_ready_eq!(task::spawn(reader.next()).poll(), excess);
    }

    #[tokio::test]
    async fn all_messages_together_have_a_limit() {
        let largest = from_program::Kind::Sent(proto::control::v1::Bytes {
            data: vec![7; MAX_FROM_PROGRAM_BYTES as usize - 10],
        });
        let bytes = framed(largest.clone());
        assert_eq!(bytes.len(), MAX_FROM_PROGRAM_BYTES as usize + 4 - 2);
        let mut script = Builder::new();
        for _ in 0..8 {
            script.read(&bytes);
        }
        script.read(&100_u32.to_be_bytes());
        script.wait(Duration::from_secs(3600));
        let (mut reader, _) = ends(&mut script);
        for number in 0..8 {
            let next = reader.next().await;
            assert!(next == Next::Message(largest.clone()), "message {number}");
        }
        let excess = Next::Excess(Excess::Reported);
        assert_ready_eq!(task::spawn(reader.next()).poll(), excess);
    }

    #[tokio::test]
    async fn unknown_kind_is_skipped() {
        let mut script = Builder::new();
        script.read(&frame(&FromProgram { kind: None }));
        script.read(&framed(listening("here")));
        let next = ends(&mut script).0.next().await;
        assert_eq!(next, Next::Message(listening("here")));
    }

    #[tokio::test]
    async fn sent_message_is_one_frame() {
        let kind = to_program::Kind::Stop(Stop {});
        let mut script = Builder::new();
        script.write(&frame(&ToProgram {
            kind: Some(kind.clone()),
        }));
        // The script panics if anything else is written, or when it is dropped with something left to be written.
        ends(&mut script).1.send(kind).await;
    }
}
