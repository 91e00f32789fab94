//! The control channel: one Unix socket to the stage, which carries `control.v1` messages both ways, each with its
//! length in front.
//!
//! This is the plain, blocking kind of input and output, and there is a reason for both directions.
//!
//! *Reading* has a thread of its own. Were it a task of the async runtime, an exercise that blocks the runtime's
//! threads would also keep the stage's messages from arriving, among them the one that ends the blocking.
//!
//! *Writing* is synchronous and goes through a static, since it also happens where nobody can pass a writer along and
//! nobody can `.await`: in the panic hook, and wherever a gap is reached.

use std::io::{self, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use prost::Message;
use proto::control::v1::{FromProgram, Panicked, ToProgram, from_program, to_program};

use crate::protocol::{MAX_TO_PROGRAM_BYTES, frame};

/// The end for writing. `OnceLock`: it is set once, when the program dials, and there is one stage for each process.
/// `Mutex`: any thread may write, and the bytes of two messages must not mix.
static WRITER: OnceLock<Mutex<UnixStream>> = OnceLock::new();

/// Dials the stage at this socket. A thread that does nothing else calls `on_message` with each message that the stage
/// sends, and `on_hang_up` when the stage has hung up.
///
/// # Errors
///
/// When there is no such socket, or the program has dialled before.
pub(crate) fn dial(
    stage: &Path,
    mut on_message: impl FnMut(to_program::Kind) + Send + 'static,
    on_hang_up: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let writer = UnixStream::connect(stage)?;
    // Both are the same socket: a clone is a second handle, so that reading needs no lock.
    let reader = writer.try_clone()?;
    if WRITER.set(Mutex::new(writer)).is_err() {
        return Err(io::Error::other("the control channel is open already"));
    }
    std::thread::Builder::new()
        .name("control".into())
        .spawn(move || {
            let mut reader = BufReader::new(reader);
            while let Ok(message) = read(&mut reader) {
                // A kind that this program does not know is decoded as none, and skipped.
                if let Some(kind) = message.kind {
                    on_message(kind);
                }
            }
            on_hang_up();
        })?;
    Ok(())
}

/// Reads one message, and waits for it as long as it takes.
fn read(reader: &mut impl Read) -> io::Result<ToProgram> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > MAX_TO_PROGRAM_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes)?;
    ToProgram::decode(bytes.as_slice()).map_err(io::Error::other)
}

/// Whether there is a stage to talk to.
pub(crate) fn is_open() -> bool {
    WRITER.get().is_some()
}

/// Sends a message to the stage. A stage that has gone is not an error here: the program is about to be ended.
pub(crate) fn send(kind: from_program::Kind) {
    let Some(writer) = WRITER.get() else { return };
    let bytes = frame(&FromProgram { kind: Some(kind) });
    // A lock is poisoned when a thread panicked while it held it. Here that is no reason to stop: what is protected is
    // a socket, and each message is written by one call.
    let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = writer.write_all(&bytes);
}

/// From now on, reports every panic to the stage, also one that is caught, and leaves the rest to the hook that was
/// there before, which prints it.
pub(crate) fn report_panics() {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        let (file, line) = info
            .location()
            .map_or(("", 0), |location| (location.file(), location.line()));
        send(from_program::Kind::Panicked(Panicked {
            message: message.to_owned(),
            file: file.to_owned(),
            line,
        }));
        earlier(info);
    }));
}

#[cfg(test)]
mod tests {
    use proto::control::v1::{Release, Stop};

    use super::*;

    #[test]
    fn messages_are_read_one_after_another() {
        let release = Release { gate: "a".into() };
        let messages = [
            to_program::Kind::Release(release),
            to_program::Kind::Stop(Stop {}),
        ];
        let framed = messages
            .clone()
            .map(|kind| frame(&ToProgram { kind: Some(kind) }))
            .concat();
        let mut bytes = framed.as_slice();
        for message in messages {
            assert_eq!(read(&mut bytes).expect("whole").kind, Some(message));
        }
        assert!(read(&mut bytes).is_err(), "the stage has hung up");
    }

    #[test]
    fn too_long_message_is_an_error() {
        let bytes = (MAX_TO_PROGRAM_BYTES + 1).to_be_bytes();
        let error = read(&mut bytes.as_slice()).expect_err("it is too long");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
