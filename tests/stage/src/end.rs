//! How a run ended.

use crate::excess::Excess;

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
    Hung,
    /// It was ended because it did or used too much.
    Runaway(Excess),
}
