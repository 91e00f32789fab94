//! How long a program has run for, asked only while all of its threads are blocked.
//!
//! By its events alone, a program that waits for something that never comes cannot be told from one that a busy machine
//! keeps waiting. The kernel knows the difference: a thread that wants to run is not blocked.

use std::fs;

use crate::threads;

/// The CPU time in nanoseconds that these processes and all their descendants have used so far, if every thread of
/// theirs is blocked. `None` where a thread runs or wants to run, where a process does not exist, and on systems other
/// than Linux.
pub(crate) fn cpu_time_if_blocked(processes: &[u32]) -> Option<u64> {
    processes
        .iter()
        .try_fold(0_u64, |sum, process| of_tree(*process)?.checked_add(sum))
}

/// The same for one process and its descendants.
fn of_tree(process: u32) -> Option<u64> {
    let mut nanoseconds = 0;
    for thread in threads::of_tree(process)? {
        let stat = fs::read_to_string(thread.join("stat")).ok()?;
        // The program's name stands in parentheses and may contain anything; the state is the field after it. `S` is
        // an interruptible sleep, `Z` a thread that has exited and was not waited for.
        let state = stat.rsplit_once(") ")?.1.chars().next()?;
        if !matches!(state, 'S' | 'Z') {
            return None;
        }
        let schedule = fs::read_to_string(thread.join("schedstat")).ok()?;
        nanoseconds += schedule.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(nanoseconds)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A program in a new process group, so that ending the group ends everything that it started.
    struct Group(Child);

    impl Group {
        /// Starts a program, and returns as soon as it, or a child of it, has echoed a line.
        fn start(program: &str, arguments: &[&str], line: &str) -> Self {
            let mut child = Command::new(program)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .process_group(0)
                .spawn()
                .expect("it starts");
            if let Some(stdin) = child.stdin.as_mut() {
                writeln!(stdin, "{line}").expect("it reads");
            }
            let mut echoed = String::new();
            let stdout = child.stdout.as_mut().expect("it is piped");
            BufReader::new(stdout)
                .read_line(&mut echoed)
                .expect("it writes");
            assert_eq!(echoed.trim_end(), line);
            Self(child)
        }
    }

    impl Drop for Group {
        fn drop(&mut self) {
            let group = format!("-{}", self.0.id());
            let killed = Command::new("kill")
                .args(["-s", "KILL", "--", &group])
                .status();
            assert!(
                killed.is_ok_and(|status| status.success()),
                "the group is killed"
            );
            self.0.wait().expect("it ends");
        }
    }

    /// Waits until the program's CPU time is as asked for.
    fn wait_until(program: &Group, reached: impl Fn(Option<u64>) -> bool) {
        while !reached(cpu_time_if_blocked(&[program.0.id()])) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn blocked_process_has_a_time_and_busy_process_has_none() {
        let blocked = Group::start("cat", &[], "here");
        wait_until(&blocked, |time| time.is_some());
        // The shell's child computes, while the shell waits for it.
        let script = "sh -c 'read line; echo $line; while :; do :; done'; :";
        let busy = Group::start("sh", &["-c", script], "busy");
        wait_until(&busy, |time| time.is_none());
        let both = [blocked.0.id(), busy.0.id()];
        assert_eq!(cpu_time_if_blocked(&both), None);
    }

    #[test]
    fn missing_process_has_no_time() {
        assert_eq!(cpu_time_if_blocked(&[u32::MAX]), None);
    }
}
