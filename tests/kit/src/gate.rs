//! Gates: places where a thread of the program waits until the stage lets it go on.
//!
//! A gate has a name. Whoever waits at it blocks the whole thread, not only a task: that is what a gate is for, since
//! the exercises that use one are about work that keeps a thread busy. The control channel's thread opens the gates,
//! and never waits at one, so a program may block every other thread that it has.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use proto::control::v1::{Job, from_program};

use crate::control;

/// The gates that are open. A static, since a learner's code calls [`blocking_job`] from wherever it likes and has
/// nothing to pass along. Each process has one stage, so one set of gates is enough.
static OPEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Wakes the threads that wait for a change of [`OPEN`]. A condition variable puts a thread to sleep and gives its lock
/// back in one step, so no change can slip in between.
static CHANGED: Condvar = Condvar::new();

/// Opens a gate, for those that wait there and for those that come later.
pub(crate) fn open(name: String) {
    lock().insert(name);
    CHANGED.notify_all();
}

/// Stands for work that keeps a thread busy: tells the stage that a job of this name has started, blocks the thread
/// that it is called on until the stage opens the gate of that name, and tells the stage that the job has ended.
///
/// It blocks and does not compute for a while, so that what happens meanwhile does not depend on how fast a machine is.
pub fn blocking_job(name: &str) {
    let job = Job {
        name: name.to_owned(),
    };
    control::send(from_program::Kind::JobStarted(job.clone()));
    // `wait_while` asks again after each wake-up, since a thread may be woken for another gate, or for nothing. A stage that
    // has gone opens no gate; the program ends with it.
    let open = CHANGED.wait_while(lock(), |open| !open.contains(name));
    drop(open.unwrap_or_else(PoisonError::into_inner));
    control::send(from_program::Kind::JobEnded(job));
}

/// The set of open gates. That a thread panicked while it held the lock cannot have left it half changed.
fn lock() -> MutexGuard<'static, BTreeSet<String>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_ends_only_once_its_gate_is_open() {
        let (sender, ended) = std::sync::mpsc::channel();
        let start = |name: &'static str| {
            let sender = sender.clone();
            std::thread::spawn(move || {
                blocking_job(name);
                sender.send(name)
            })
        };
        open("early".to_owned());
        start("late");
        start("early");
        assert_eq!(ended.recv(), Ok("early"));
        assert!(ended.try_recv().is_err(), "its gate is closed");
        open("late".to_owned());
        assert_eq!(ended.recv(), Ok("late"));
    }
}
