//! The reference server, tested from outside: over real sockets, and as a real process.

mod harness;
mod layered;

mod auth;
mod batch;
mod correlation;
mod deadline;
mod errors;
mod health;
mod ids;
mod inference;
mod limits;
mod listen;
mod logs;
mod panics;
mod process;
mod reflection;
mod services;
mod stop;
mod stream;
mod upload;
mod web;
