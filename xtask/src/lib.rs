//! The command line of the course: `cargo xtask`.
//!
//! A library with a `main`, so that it compiles while the crates below it are still being written to disk; a program
//! would have to wait for them. One subcommand, one file in `cmd/`. Nothing that takes long to compile is linked here:
//! an exercise is checked by its lesson's checker, and what needs tract, mdBook or the code generator is a program of
//! its own. They are built through cargo when a subcommand asks for them, with progress on the screen.

mod arguments;
mod cmd;
mod doctor;
mod exit;
mod subcommand;

// Checking.
mod checkers;
mod kept;
mod passed;
mod told;

// What is on the screen.
mod pages;
mod progress;
mod reflow;
mod score;
mod style;
mod terminal;

// For whoever writes the course.
mod heavy;
mod sync;

use std::process::ExitCode;

/// Ends the program where the reader of its output has gone, as `head` does when it has seen enough. A print that fails
/// panics, and only a panic hook sees all of these panics.
fn end_with_the_pipe() {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to stdout") && message.contains("Broken pipe") {
            std::process::exit(exit::TOOL.into());
        }
        earlier(info);
    }));
}

/// The whole program: reads the command line, does what it says, and returns the exit code.
pub fn main() -> ExitCode {
    end_with_the_pipe();
    match cmd::run(std::env::args_os().skip(1)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => exit::tool(&error),
    }
}
