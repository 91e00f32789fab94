//! How a run ended.

use crate::excess::Excess;

/// What a program does that no longer does anything that shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Idleness {
    /// All of its threads wait, and nothing but another party or thread will wake them.
    Blocked,
    /// It waits for a time: a sleep, or the deadline of a call.
    Timer,
    /// It computes.
    Busy,
    /// The system does not tell.
    #[default]
    Unknown,
}

/// A run in which nothing happened any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hang {
    /// What the program did in the meantime.
    pub idleness: Idleness,
    /// Whether a program that serves had been told to stop.
    pub told_to_stop: bool,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The exercise's function returned. The text is its error, empty where there is none.
    Finished(String),
    /// The program reached a gap.
    Unfinished {
        /// The task of the gap.
        task: String,
        /// The gap's file, relative to the workspace.
        file: String,
        /// The gap's line, from 1.
        line: u32,
    },
    /// The process exited without saying that it had finished. The text is its exit status.
    Exited(String),
    /// Nothing happened any more.
    Hung(Hang),
    /// It was ended because it did or used too much.
    Runaway(Excess),
}
