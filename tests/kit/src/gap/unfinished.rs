//! The end of a program that reached a gap.

use proto::control::v1::{Unfinished, from_program};

use crate::control;

/// The exit code of a program that reached a gap where there is no stage.
const UNFINISHED_EXIT: i32 = 3;

/// Tells the stage which gap was reached, and ends the program. What [`gap!`](crate::gap!) expands to; not for calling by hand.
///
/// It does not panic, since a panic inside a server's handler would be caught and answered. And the process ends only
/// after the stage: were it to end at once, its peers would see broken connections, some of them before the stage knows
/// of the gap and some after it.
pub fn unfinished<T>(task: &str, file: &str, line: u32) -> T {
    control::send(from_program::Kind::Unfinished(Unfinished {
        task: task.to_owned(),
        file: file.to_owned(),
        line,
    }));
    if !control::is_open() {
        eprintln!("error: not done yet, at {file}:{line}: {task}");
        std::process::exit(UNFINISHED_EXIT)
    }
    loop {
        // A parked thread may wake up for no reason.
        std::thread::park();
    }
}
