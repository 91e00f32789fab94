//! Gates: where a thread of the program waits until the stage lets it go on.
//!
//! The control channel's own thread opens them, so a program may block every other thread it has.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use proto::control::v1::{Work, from_program};

use crate::control;

static OPEN: Mutex<Open> = Mutex::new(Open {
    names: BTreeSet::new(),
    all: false,
});
static OPENED: Condvar = Condvar::new();

struct Open {
    names: BTreeSet<String>,
    all: bool,
}

/// Opens a gate, for whoever waits there and for whoever comes later.
pub(crate) fn open(name: String) {
    change(|open| {
        open.names.insert(name);
    });
}

/// Blocks the thread that it is called on until the stage has gone.
pub(crate) fn until_the_stage_has_gone() {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    drop(
        OPENED
            .wait_while(open, |open| !open.all)
            .unwrap_or_else(PoisonError::into_inner),
    );
}

/// Opens every gate: the stage has gone, and nothing may wait for it.
pub(crate) fn open_all() {
    change(|open| open.all = true);
}

fn change(change: impl FnOnce(&mut Open)) {
    change(&mut OPEN.lock().unwrap_or_else(PoisonError::into_inner));
    OPENED.notify_all();
}

/// Stands for work that keeps a thread busy: tells the stage that it began, blocks the thread that it is called on
/// until the stage opens the gate of this name, and tells the stage that it is done.
///
/// It blocks instead of computing for a while, so that what happens meanwhile does not depend on how fast a machine is.
pub fn work(name: &str) {
    let work = Work {
        name: name.to_owned(),
    };
    control::send(from_program::Kind::WorkBegan(work.clone()));
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let closed = |open: &mut Open| !open.all && !open.names.contains(name);
    drop(
        OPENED
            .wait_while(open, closed)
            .unwrap_or_else(PoisonError::into_inner),
    );
    control::send(from_program::Kind::WorkEnded(work));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_only_once_its_gate_is_open() {
        let (sender, done) = std::sync::mpsc::channel();
        let start = |name: &'static str| {
            let sender = sender.clone();
            std::thread::spawn(move || {
                work(name);
                sender.send(name)
            })
        };
        open("early".to_owned());
        start("late");
        start("early");
        assert_eq!(done.recv(), Ok("early"));
        assert!(done.try_recv().is_err(), "its gate is closed");
        open("late".to_owned());
        assert_eq!(done.recv(), Ok("late"));
    }
}
