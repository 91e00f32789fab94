//! The reference server, tested from outside: over real sockets, and as a real process.

mod harness;

mod batch;
mod correlation;
mod deadline;
mod health;
mod inference;
mod listen;
mod process;
mod reflection;
mod services;
mod stop;
mod stream;
mod upload;
