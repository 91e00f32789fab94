//! How much memory a program uses, and that it gets no more than it may.
//!
//! Two limits. [`limit`] has the system refuse a request for far more than anybody needs, at once: to Rust programs that is
//! the end. A program that grows step by step is looked at by the watchdog, long before it comes to that limit. On systems
//! other than Linux neither is known, and only a run's time bounds it.

use std::fs;

use crate::end::End;
use crate::excess::Excess;
use crate::printed::Printed;

/// How many lines at the end of what a program printed are searched for the words of [`OUT_OF_MEMORY`].
const SEARCHED_LINES: usize = 20;

/// What the standard library prints when it is refused memory, before and after the number of bytes.
const OUT_OF_MEMORY: [&str; 2] = ["memory allocation of ", " bytes failed"];

/// Limits what this process may ask the system for.
#[cfg(target_os = "linux")]
pub(crate) fn limit(process: u32) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    use crate::limits::MAX_RESERVED_BYTES;

    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    let most = Some(MAX_RESERVED_BYTES);
    let limit = Rlimit {
        current: most,
        maximum: most,
    };
    // It fails for a process that has ended. Without a process, it would be this one's limit.
    let _ = pid.map(|pid| prlimit(Some(pid), Resource::Data, limit));
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn limit(_process: u32) {}

/// How many bytes of its own this process has in use: what it wrote, and not what it reserved or shares with others. `None`
/// for a process that does not exist, and on systems other than Linux.
pub(crate) fn in_use(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib << 10)
}

/// The end of a process that exited, with what it printed: that it was refused memory is told from other ends.
pub(crate) fn end_of(end: End, printed: &Printed) -> End {
    let (head, _, tail) = printed.lines(SEARCHED_LINES);
    let refused = |line: &String| OUT_OF_MEMORY.iter().all(|part| line.contains(part));
    match end {
        End::Exited(status)
            if status.contains("SIGABRT") && head.iter().chain(&tail).any(refused) =>
        {
            End::Runaway(Excess::Memory)
        }
        end => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_in_use_is_what_was_written() {
        let process = std::process::id();
        let before = in_use(process).expect("it runs");
        let written = std::hint::black_box(vec![1_u8; 128 << 20]);
        let after = in_use(process).expect("it runs");
        drop(written);
        // Other tests of this process take and give back some of their own meanwhile.
        assert!(after >= before + (64 << 20), "{before} and {after}");
        assert_eq!(in_use(u32::MAX), None);
    }

    #[test]
    fn only_an_abort_with_the_words_is_a_lack_of_memory() {
        let aborted = || End::Exited("signal: 6 (SIGABRT) (core dumped)".to_owned());
        let mut printed = Printed::default();
        assert_eq!(end_of(aborted(), &printed), aborted());
        printed.push(b"memory allocation of 8589934592 bytes failed\n");
        assert_eq!(end_of(aborted(), &printed), End::Runaway(Excess::Memory));
        let exited = End::Exited("exit status: 1".to_owned());
        assert_eq!(end_of(exited.clone(), &printed), exited);
        let finished = End::Finished(String::new());
        assert_eq!(end_of(finished.clone(), &printed), finished);
    }
}
