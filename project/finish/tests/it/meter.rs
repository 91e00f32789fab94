//! A way to the server that counts what a client sends: messages as they cross the wire, and PINGs.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What has come from clients so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) connections: usize,
    /// Bytes in DATA frames: messages, each with the five bytes in front of it.
    pub(crate) message_bytes: usize,
    pub(crate) pings: usize,
}

pub(crate) struct Meter {
    /// Where clients connect.
    pub(crate) address: SocketAddr,
    pub(crate) counts: watch::Receiver<Counts>,
}

impl Meter {
    pub(crate) async fn before(server: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (sender, counts) = watch::channel(Counts::default());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                sender.send_modify(|counts| counts.connections += 1);
                tokio::spawn(pass(client, server, sender.clone()));
            }
        });
        Ok(Self { address, counts })
    }
}

/// Until one side hangs up; then there is nothing more to count, and no one to tell.
async fn pass(client: TcpStream, server: SocketAddr, counts: watch::Sender<Counts>) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let _ = tokio::join!(
        forward(from_client, to_server, counts),
        tokio::io::copy(&mut from_server, &mut to_client),
    );
}

/// An HTTP/2 connection: 24 bytes of preface, and then frames with a head of nine bytes each: three for the length, one
/// for the type, one for the flags, four for the stream.
async fn forward(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    counts: watch::Sender<Counts>,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    client.read_exact(&mut preface).await?;
    server.write_all(&preface).await?;
    loop {
        let mut head = [0; 9];
        client.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let mut payload = vec![0; length];
        client.read_exact(&mut payload).await?;
        counts.send_modify(|counts| match (head[3], head[4]) {
            (0, _) => counts.message_bytes += length,
            (6, flags) if flags & 1 == 0 => counts.pings += 1,
            _ => {}
        });
        server.write_all(&head).await?;
        server.write_all(&payload).await?;
    }
}
