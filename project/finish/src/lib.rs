//! A service as it goes to work: what `start` has, and TLS, health, reflection,
//! a log, limits and a graceful stop.

use std::path::Path;
use std::{fs, io};

pub mod client;
mod counter;
pub mod log;
mod serve;
pub mod tls;
pub mod trace;

pub use counter::Counter;
pub use serve::{Ending, Options, serve};

/// Whatever can end a program.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Reads a file. The standard library's error does not name it.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

// The generated code.
pub mod document {
    pub mod v1 {
        tonic::include_proto!("document.v1");
    }
}

pub mod words {
    pub mod v1 {
        tonic::include_proto!("words.v1");
    }
}

// ANCHOR: descriptors
/// The contracts as data: what reflection answers with.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
// ANCHOR_END: descriptors
