//! For how long a program has been blocked, as whoever looks again and again can tell.

use std::time::{Duration, Instant};

/// A look that comes later than this says that the machine kept the stage itself waiting: what seems blocked may wait for
/// it.
const LATE_LOOK: Duration = Duration::from_millis(150);

/// What the looks have shown so far.
#[derive(Debug)]
pub(crate) struct Blocked {
    /// What the last look saw: the CPU time in nanoseconds of a program that was blocked.
    cpu_time: Option<u64>,
    since: Instant,
    looked: Instant,
}

impl Blocked {
    /// After the first look. `cpu_time` is what [`cpu_time_if_blocked`](crate::cpu_time::cpu_time_if_blocked) says, here and
    /// below.
    pub(crate) fn new(cpu_time: Option<u64>) -> Self {
        let now = Instant::now();
        Self {
            cpu_time,
            since: now,
            looked: now,
        }
    }

    /// Another look. `disturbed` says that something has happened since the last one.
    pub(crate) fn look(&mut self, cpu_time: Option<u64>, disturbed: bool) {
        let now = Instant::now();
        let is_late = now - self.looked >= LATE_LOOK;
        // A process that has used CPU time since the last look was not blocked all the while.
        if disturbed || is_late || cpu_time.is_none() || cpu_time != self.cpu_time {
            (self.cpu_time, self.since) = (cpu_time, now);
        }
        self.looked = now;
    }

    /// For how long. `None` where the last look did not see it blocked.
    pub(crate) fn time(&self) -> Option<Duration> {
        self.cpu_time.map(|_| self.since.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something that was blocked for a minute when it was last looked at, just now.
    fn for_a_minute() -> Blocked {
        Blocked {
            since: Instant::now() - MINUTE,
            ..Blocked::new(Some(7))
        }
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn it_goes_on_as_long_as_nothing_happens() {
        let mut blocked = for_a_minute();
        blocked.look(Some(7), false);
        assert!(blocked.time() >= Some(MINUTE));
    }

    #[test]
    fn work_and_what_happens_and_a_late_look_begin_it_anew() {
        let late = Blocked {
            looked: Instant::now() - LATE_LOOK,
            ..for_a_minute()
        };
        for (mut blocked, cpu_time, disturbed) in [
            (for_a_minute(), Some(8), false),
            (for_a_minute(), Some(7), true),
            (late, Some(7), false),
        ] {
            blocked.look(cpu_time, disturbed);
            let time = blocked.time().expect("it is blocked");
            assert!(time < MINUTE, "{time:?}");
        }
        let mut working = for_a_minute();
        working.look(None, false);
        assert_eq!(working.time(), None);
    }
}
