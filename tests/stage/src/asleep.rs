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
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A program in a process group of its own, so that its end is the end of all that it started.
    struct Group(Child);

    impl Group {
        /// Starts a program, and returns as soon as it, or one that it started, has said a word.
        fn started(program: &str, arguments: &[&str], word: &str) -> Self {
            let mut child = Command::new(program)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .process_group(0)
                .spawn()
                .expect("it starts");
            if let Some(stdin) = child.stdin.as_mut() {
                writeln!(stdin, "{word}").expect("it reads");
            }
            let mut line = String::new();
            let stdout = child.stdout.as_mut().expect("it is piped");
            BufReader::new(stdout)
                .read_line(&mut line)
                .expect("it speaks");
            assert_eq!(line.trim_end(), word);
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

    /// Waits until what is asked of a program's sleep is so.
    fn until(program: &Group, asked: impl Fn(Option<u64>) -> bool) {
        while !asked(asleep(&[program.0.id()])) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn who_waits_is_asleep_and_who_computes_is_not() {
        let waits = Group::started("cat", &[], "here");
        until(&waits, |ran| ran.is_some());
        // The shell's own child computes, while the shell waits for it.
        let busy = "sh -c 'read word; echo $word; while :; do :; done'; :";
        let child_computes = Group::started("sh", &["-c", busy], "busy");
        until(&child_computes, |ran| ran.is_none());
        assert_eq!(asleep(&[waits.0.id(), child_computes.0.id()]), None);
    }

    #[test]
    fn who_is_not_there_is_not_asleep() {
        assert_eq!(asleep(&[u32::MAX]), None);
    }
}
