//! When a run is over although the program has not said so.
//!
//! The one place where the stage goes by the clock to end a run, and only for programs that will never finish: no
//! verdict on a program that goes on depends on any of these times.

use std::time::{Duration, Instant};

use tap::Recorder;
use tokio::sync::watch;

use crate::cpu_time::cpu_time_if_blocked;
use crate::end::End;
use crate::run_log::RunLog;

/// How long nothing may happen before a run counts as hung. Generous, since a machine under load is slow.
const IDLE_TIMEOUT: Duration = Duration::from_secs(8);

/// How long nothing may happen while every thread of the program and its peer is blocked. That is not a machine under
/// load: all parties wait. It must be longer than every deadline that a scenario lets pass, since a program that waits
/// for a timer is blocked as well.
const STALL_TIMEOUT: Duration = Duration::from_secs(1);

/// How often the watchdog looks.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How long a run may take, whatever happens in it: a program that makes calls for ever is never idle. Generous, as
/// above.
const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// How many events a run may have, how many entries its log, and how many lines its transcript. Far more than any
/// exercise needs, and few enough to be compared in no time.
pub(crate) const MAX_EVENTS: usize = 5_000;

/// Waits until the run has to be ended, and returns why: [`End::Hung`] when nothing has happened for [`IDLE_TIMEOUT`],
/// or for [`STALL_TIMEOUT`] while all of these processes were blocked; [`End::Runaway`] when too much has happened, or
/// the run has taken too long.
pub(crate) async fn expired(
    recorder: &Recorder,
    log: watch::Receiver<RunLog>,
    processes: &[u32],
) -> End {
    let mut entries = log.clone();
    tokio::select! {
        () = stalled(recorder, log, processes) => End::Hung,
        _ = recorder.until(|events| events.len() > MAX_EVENTS) => End::Runaway,
        Ok(_) = entries.wait_for(|log| log.len() > MAX_EVENTS) => End::Runaway,
        () = tokio::time::sleep(RUN_TIMEOUT) => End::Runaway,
    }
}

async fn stalled(recorder: &Recorder, log: watch::Receiver<RunLog>, processes: &[u32]) {
    let count = || recorder.len() + log.borrow().len();
    let cpu_time = || {
        // A program that has not sent its first message is still being started.
        let started = !log.borrow().messages.is_empty();
        cpu_time_if_blocked(processes).filter(|_| started)
    };
    let (mut last_count, mut last_event) = (count(), Instant::now());
    let (mut last_cpu_time, mut blocked_since) = (cpu_time(), Instant::now());
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let (count, cpu_time) = (count(), cpu_time());
        if count != last_count {
            (last_count, last_event) = (count, Instant::now());
        }
        // A process that has used CPU time since the last look was not blocked all the while.
        if cpu_time.is_none() || cpu_time != last_cpu_time || last_event > blocked_since {
            (last_cpu_time, blocked_since) = (cpu_time, Instant::now());
        }
        let idle = last_event.elapsed() >= IDLE_TIMEOUT;
        let blocked = last_cpu_time.is_some() && blocked_since.elapsed() >= STALL_TIMEOUT;
        if idle || blocked {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::control::v1::{Hello, from_program};

    use super::*;

    #[tokio::test]
    async fn program_that_sends_without_end_is_a_runaway() {
        let (sender, log) = watch::channel(RunLog::default());
        sender.send_modify(|log| {
            for _ in 0..=MAX_EVENTS {
                log.program_sent(Vec::new());
            }
        });
        assert_eq!(expired(&Recorder::new(), log, &[]).await, End::Runaway);
    }

    #[tokio::test]
    async fn started_program_that_is_blocked_hangs() {
        let (sender, log) = watch::channel(RunLog::default());
        let hello = from_program::Kind::Hello(Hello::default());
        sender.send_modify(|log| log.messages.push(hello));
        assert_eq!(expired(&Recorder::new(), log, &[]).await, End::Hung);
    }
}
