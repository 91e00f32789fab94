//! A checker as a process, and the server that it keeps. This test program is also the checker, the program that it
//! checks, and the server: see `programs`.

#[path = "checks/programs.rs"]
mod programs;

#[path = "checks/ends.rs"]
mod ends;
#[path = "checks/server.rs"]
mod server;
