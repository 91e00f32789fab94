//! The service, tried from outside: over real connections, and as the programs that a reader runs.

mod calls;
mod certificates;
mod compression;
mod keepalive;
mod meter;
mod programs;
mod reflection;
mod stop;
mod support;
mod tls;
