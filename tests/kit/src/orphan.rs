//! A program whose stage has gone ends: nobody looks at it any more.
//!
//! The stage ends the program when a check is over, whichever way that goes. This is for a stage that cannot: one that was
//! killed itself. An exercise with an endless loop would else keep a core busy until somebody notices.

use rustix::process::{Signal, getpgrp, getpid, kill_process_group};

/// The exit code of a program whose stage has gone.
const ORPHANED_EXIT: i32 = 4;

/// Ends the program, and what it has started.
pub(crate) fn exit() {
    let group = getpgrp();
    // The stage has given the program a process group of its own. To anybody else's, nothing may happen.
    if group == getpid() {
        let _ = kill_process_group(group, Signal::KILL);
    }
    std::process::exit(ORPHANED_EXIT)
}
