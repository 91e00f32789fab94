//! From a socket to requests: where the server listens, what it bears, how it serves and how it stops.

mod cut;
mod limits;
mod listen;
mod serve;

pub use limits::Limits;
pub use listen::{Address, Listener, UnixSocket};
pub use serve::{Ending, ServeError, serve};
