//! Whether a program and all that it started are asleep.
//!
//! A program that waits for what never comes looks like one that a busy machine keeps waiting, as long as only its
//! events are counted. The kernel knows the difference: a thread that wants to run is not asleep.

use std::fs;

/// The time in nanoseconds that these processes and their children have run for so far, if every thread of theirs
/// sleeps. `None` where one runs or wants to, and on a system that does not tell.
pub(crate) fn asleep(processes: &[u32]) -> Option<u64> {
    processes
        .iter()
        .try_fold(0_u64, |sum, process| tree(*process)?.checked_add(sum))
}

fn tree(process: u32) -> Option<u64> {
    let mut ran = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let thread = thread.ok()?.path();
        let stat = fs::read_to_string(thread.join("stat")).ok()?;
        // The name, in parentheses, may hold anything; the state is the next field.
        let state = stat.rsplit_once(") ")?.1.chars().next()?;
        if !matches!(state, 'S' | 'Z') {
            return None;
        }
        let schedule = fs::read_to_string(thread.join("schedstat")).ok()?;
        ran += schedule.split_whitespace().next()?.parse::<u64>().ok()?;
        let children = fs::read_to_string(thread.join("children")).ok()?;
        for child in children.split_whitespace() {
            ran += tree(child.parse().ok()?)?;
        }
    }
    Some(ran)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// Waits until what is asked of a program's sleep is so.
    fn until(process: u32, asked: impl Fn(Option<u64>) -> bool) {
        while !asked(asleep(&[process])) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn who_waits_is_asleep_and_who_computes_is_not() {
        let start = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::piped());
            command.spawn().expect("it starts")
        };
        let mut waits = start("cat", &[]);
        until(waits.id(), |ran| ran.is_some());
        // The child's child computes, for as long as its parent is there.
        let busy = "sh -c 'while kill -0 $PPID; do :; done' 2>/dev/null; :";
        let mut child_computes = start("sh", &["-c", busy]);
        until(child_computes.id(), |ran| ran.is_none());
        assert_eq!(asleep(&[waits.id(), child_computes.id()]), None);
        for child in [&mut waits, &mut child_computes] {
            child.kill().expect("it is killed");
            child.wait().expect("it ends");
        }
    }

    #[test]
    fn who_is_not_there_is_not_asleep() {
        assert_eq!(asleep(&[u32::MAX]), None);
    }
}
