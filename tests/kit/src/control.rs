//! The control channel: one socket to the stage, `control.v1` messages both ways, each with its length in front.
//!
//! Writing is synchronous and behind a lock, so that a panic hook can use it. Reading has a thread of its own, so that
//! an exercise that blocks its runtime cannot keep the stage's word from arriving.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, OnceLock};

use prost::Message;
use proto::control::v1::{FromProgram, Panicked, ToProgram, Unfinished, from_program, to_program};
use tokio::sync::mpsc;

use crate::gate;
use crate::protocol::{LARGEST, frame};

/// The exit code of a program that reached a gap. For people; the stage goes by the message.
pub(crate) const UNFINISHED_EXIT: i32 = 3;

static WRITER: OnceLock<Mutex<Box<dyn Write + Send>>> = OnceLock::new();

/// Dials the stage at `unix:/path` or `tcp:host:port` and returns what it will say.
pub(crate) fn dial(address: &str) -> io::Result<mpsc::UnboundedReceiver<to_program::Kind>> {
    let (reader, writer) = open(address)?;
    if WRITER.set(Mutex::new(writer)).is_err() {
        return Err(io::Error::other("the control channel is open already"));
    }
    // Unbounded is safe: the stage sends a handful of messages and is trusted.
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::Builder::new()
        .name("control".into())
        .spawn(move || {
            let mut reader = BufReader::new(reader);
            while let Ok(message) = read(&mut reader) {
                match message.kind {
                    Some(to_program::Kind::Release(release)) => gate::open(release.gate),
                    // It fails where nobody listens any more. Gates are still opened.
                    Some(kind) => drop(sender.send(kind)),
                    None => {}
                }
            }
            gate::open_all();
        })?;
    Ok(receiver)
}

type Ends = (Box<dyn Read + Send>, Box<dyn Write + Send>);

fn open(address: &str) -> io::Result<Ends> {
    if let Some(address) = address.strip_prefix("tcp:") {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        return Ok((Box::new(stream.try_clone()?), Box::new(stream)));
    }
    #[cfg(unix)]
    if let Some(path) = address.strip_prefix("unix:") {
        let stream = std::os::unix::net::UnixStream::connect(path)?;
        return Ok((Box::new(stream.try_clone()?), Box::new(stream)));
    }
    let reason = format!("{address:?} is no address of a stage");
    Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
}

fn read(reader: &mut impl Read) -> io::Result<ToProgram> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes)?;
    ToProgram::decode(bytes.as_slice()).map_err(io::Error::other)
}

/// Says something to the stage. A stage that has gone is no error here: the program is about to be ended.
pub(crate) fn send(kind: from_program::Kind) {
    let Some(writer) = WRITER.get() else { return };
    let bytes = frame(&FromProgram { kind: Some(kind) });
    let mut writer = writer
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let _ = writer.write_all(&bytes).and_then(|()| writer.flush());
}

/// Says that a gap was reached.
pub(crate) fn unfinished(task: &str, file: &str, line: u32) {
    send(from_program::Kind::Unfinished(Unfinished {
        task: task.to_owned(),
        file: file.to_owned(),
        line,
    }));
}

/// Says that the program panicked, wherever the panic is caught, and leaves the rest to the hook that was there.
pub(crate) fn report_panics() {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        let (file, line) = info
            .location()
            .map_or(("", 0), |place| (place.file(), place.line()));
        send(from_program::Kind::Panicked(Panicked {
            message: message.to_owned(),
            file: file.to_owned(),
            line,
        }));
        earlier(info);
    }));
}
