//! Whether a program that is blocked has set a timer, and so will go on by itself.
//!
//! A program that sleeps for two seconds and one that waits for a message that never comes are both blocked. The kernel
//! tells the system call in which each thread waits, with its arguments, and so whether the call ends after a time.
//!
//! A tokio runtime waits for its timers in `epoll_wait`, with the time until the next one, and without a time where there
//! is none. Waits for a lock (`futex`) do not count, whatever time they have: an idle thread of tokio's pool for blocking
//! work waits for more in such a call, for ten seconds, and then only ends.

use std::fs;

use crate::threads;

/// What is known of a blocked program's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// There is none: it waits for others.
    None,
    /// The system does not tell.
    Unknown,
    /// There is one: it will go on by itself.
    Pending,
}

/// The timers of a process and of all that it has started. The process has to be a descendant of this one, or the kernel
/// does not tell.
pub(crate) fn of_tree(process: u32) -> Timer {
    let Some(threads) = threads::of_tree(process) else {
        return Timer::Unknown;
    };
    let timers = threads.iter().map(|thread| {
        let line = fs::read_to_string(thread.join("syscall"));
        line.map_or(Timer::Unknown, |line| of_syscall(&line))
    });
    timers.max().unwrap_or(Timer::Unknown)
}

/// How a system call says how long it waits at most.
#[derive(Clone, Copy)]
enum Timeout {
    /// It always waits for a time.
    Always,
    /// Milliseconds in this argument, from 0, as a C `int`: not positive for none.
    Milliseconds(usize),
    /// The address of a time in this argument, from 0: null for none.
    Address(usize),
}

/// The calls that wait for a timer, or for other things no longer than for a time, by their numbers.
#[cfg(target_arch = "x86_64")]
const CALLS: &[(u32, Timeout)] = &[
    (7, Timeout::Milliseconds(2)),   // poll
    (23, Timeout::Address(4)),       // select
    (35, Timeout::Always),           // nanosleep
    (219, Timeout::Always),          // restart_syscall: a sleep that was interrupted
    (230, Timeout::Always),          // clock_nanosleep
    (232, Timeout::Milliseconds(3)), // epoll_wait
    (270, Timeout::Address(4)),      // pselect6
    (271, Timeout::Address(2)),      // ppoll
    (281, Timeout::Milliseconds(3)), // epoll_pwait
    (441, Timeout::Address(3)),      // epoll_pwait2
];

#[cfg(target_arch = "aarch64")]
const CALLS: &[(u32, Timeout)] = &[
    (22, Timeout::Milliseconds(3)), // epoll_pwait
    (72, Timeout::Address(4)),      // pselect6
    (73, Timeout::Address(2)),      // ppoll
    (101, Timeout::Always),         // nanosleep
    (115, Timeout::Always),         // clock_nanosleep
    (128, Timeout::Always),         // restart_syscall: a sleep that was interrupted
    (441, Timeout::Address(3)),     // epoll_pwait2
];

/// Numbers of another architecture are not known here.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const CALLS: &[(u32, Timeout)] = &[];

/// What a thread's line in `/proc` says: the number of the call and its six arguments, in hexadecimal; or `-1` for a
/// thread that is blocked outside of one, by a page that is not there; or `running`.
fn of_syscall(line: &str) -> Timer {
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|number| number.parse::<i64>().ok());
    let Some(number) = number.and_then(|number| u32::try_from(number).ok()) else {
        return Timer::Unknown;
    };
    if CALLS.is_empty() {
        return Timer::Unknown;
    }
    let Some((_, timeout)) = CALLS.iter().find(|(call, _)| *call == number) else {
        return Timer::None;
    };
    let mut argument = |index| {
        let word = words.nth(index)?.strip_prefix("0x")?;
        u64::from_str_radix(word, 16).ok()
    };
    let waits = match *timeout {
        Timeout::Always => Some(true),
        // An `int` is in the lower half of its register. What is in the upper half means nothing.
        Timeout::Milliseconds(index) => argument(index).map(|value| value as u32 as i32 > 0),
        Timeout::Address(index) => argument(index).map(|value| value != 0),
    };
    match waits {
        Some(true) => Timer::Pending,
        Some(false) => Timer::None,
        None => Timer::Unknown,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// Lines as a kernel wrote them, but for the numbers of other architectures.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn lines_of_waiting_threads() {
        for (line, timer) in [
            // tokio's driver without a timer and with one of 1,999 ms; the same with a clean upper half.
            (
                "232 0x3 0x55 0x400 0xffffffffffffffff 0x0 0x8 0x7f 0x7f",
                Timer::None,
            ),
            (
                "232 0x3 0x55 0x400 0xffffffff 0x0 0x8 0x7f 0x7f",
                Timer::None,
            ),
            ("232 0x3 0x55 0x400 0x7cf 0x0 0x8 0x7f 0x7f", Timer::Pending),
            ("281 0x3 0x55 0x400 0x7cf 0x0 0x8 0x7f 0x7f", Timer::Pending),
            // It only looked.
            ("232 0x3 0x55 0x400 0x0 0x0 0x8 0x7f 0x7f", Timer::None),
            // What an earlier call left in the upper half.
            (
                "232 0x3 0x55 0x400 0x1ffffffff 0x0 0x8 0x7f 0x7f",
                Timer::None,
            ),
            ("441 0x3 0x55 0x400 0x0 0x0 0x8 0x7f 0x7f", Timer::None),
            (
                "441 0x3 0x55 0x400 0x7ffd1000 0x0 0x8 0x7f 0x7f",
                Timer::Pending,
            ),
            ("7 0x7f 0x1 0xffffffff 0x0 0x0 0x0 0x7f 0x7f", Timer::None),
            ("7 0x7f 0x1 0x3e8 0x0 0x0 0x0 0x7f 0x7f", Timer::Pending),
            (
                "230 0x0 0x0 0x7ffd 0x7ffd 0x0 0x0 0x7f 0x7f",
                Timer::Pending,
            ),
            // A lock, with a time and without; a read.
            (
                "202 0x55 0x189 0x0 0x7f5e 0x0 0xffffffff 0x7f 0x7f",
                Timer::None,
            ),
            (
                "202 0x55 0x189 0x0 0x0 0x0 0xffffffff 0x7f 0x7f",
                Timer::None,
            ),
            (
                "0 0x3 0x7f02 0x20000 0x7f02 0xffffffff 0x0 0x7f 0x7f",
                Timer::None,
            ),
            ("running", Timer::Unknown),
            ("-1 0x7ffd 0x7f", Timer::Unknown),
            ("", Timer::Unknown),
            ("232 0x3", Timer::Unknown),
            ("232 0x3 0x55 0x400 soon", Timer::Unknown),
        ] {
            assert_eq!(of_syscall(line), timer, "{line}");
        }
    }

    /// Waits until a new process is where it waits, and returns what is known of its timers.
    fn timer_of(program: &str, arguments: &[&str]) -> Timer {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts");
        let process = child.id();
        let name = || fs::read_to_string(format!("/proc/{process}/comm"));
        let ready = || {
            let started = name().is_ok_and(|name| name.trim_end() == program);
            started && crate::cpu_time::cpu_time_if_blocked(&[process]).is_some()
        };
        // Blocked for a while, and not only between two steps of its start.
        let mut looks = 0;
        while looks < 20 {
            looks = if ready() { looks + 1 } else { 0 };
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let timer = of_tree(process);
        child.kill().expect("it runs");
        child.wait().expect("it ended");
        timer
    }

    #[test]
    fn sleeping_process_has_a_timer_and_reading_process_has_none() {
        assert_eq!(timer_of("sleep", &["600"]), Timer::Pending);
        assert_eq!(timer_of("cat", &[]), Timer::None);
    }

    #[test]
    fn of_a_process_that_is_not_there_nothing_is_known() {
        assert_eq!(of_tree(u32::MAX), Timer::Unknown);
    }
}
