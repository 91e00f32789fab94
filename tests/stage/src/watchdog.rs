//! When a run is over although the program has not said so.
//!
//! The one place where the stage goes by the clock to end a run, and only for programs that will never finish: no
//! verdict on a program that goes on depends on any of these times. But a program may pause for less than [`IDLE_TIMEOUT`].

use std::time::{Duration, Instant};

use tap::Recorder;
use tokio::sync::watch;

use crate::blocked::Blocked;
use crate::cpu_time::cpu_time_if_blocked;
use crate::end::{End, Hang, Idleness};
use crate::excess::Excess;
use crate::limits::{MAX_MEMORY_BYTES, RUN_TIMEOUT};
use crate::memory;
use crate::run_log::RunLog;
use crate::threads;
use crate::timer::{self, Timer};
use crate::traffic::Traffic;

/// How long nothing may happen before a run counts as hung, and so the longest pause that a program may make: for a back-off
/// or a simulated delay of some seconds. Generous, since a machine under load is slow.
///
/// A client that waits for a call with a deadline has a timer as well, so a hang there is found after this time, or at
/// the deadline.
const IDLE_TIMEOUT: Duration = Duration::from_secs(8);

/// How long nothing may happen while every thread of the program and its peer is blocked, and the program has no timer
/// that would wake it. That is not a machine under load: all parties wait.
const STALL_TIMEOUT: Duration = Duration::from_secs(1);

/// The same where the system does not tell whether the program has a timer. Longer than most pauses.
const UNKNOWN_STALL_TIMEOUT: Duration = Duration::from_secs(4);

/// How often the watchdog looks.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How often the timers of a program are asked for that is over, until the system tells.
const TIMER_LOOKS: u32 = 10;

/// How much more memory counts as something that happens: a program that fills it ends at the limit of memory, however
/// slow the machine is, and not as one that does nothing.
const GROWTH_BYTES: u64 = 4 << 20;

/// The processes that the watchdog looks at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watched {
    /// The program under test.
    pub(crate) program: Option<u32>,
    /// The reference server, if it takes part in the run.
    pub(crate) reference: Option<u32>,
}

/// Waits until the run has to be ended, and returns why: [`End::Hung`] when nothing has happened for too long;
/// [`End::Runaway`] when too much has happened, the run has taken too long, or the program uses too much memory.
pub(crate) async fn expired(
    recorder: &Recorder,
    log: watch::Receiver<RunLog>,
    watched: Watched,
) -> End {
    let mut traffic = Traffic::default();
    let mut excess = None;
    tokio::select! {
        end = polled(recorder, log, watched) => end,
        _ = recorder.until(|events| {
            excess = traffic.excess(events);
            excess.is_some()
        }) => End::Runaway(excess.unwrap_or(Excess::Events)),
        () = tokio::time::sleep(RUN_TIMEOUT) => End::Runaway(Excess::Time),
    }
}

/// What only shows when one looks again and again: that nothing happens, and that memory grows.
async fn polled(recorder: &Recorder, log: watch::Receiver<RunLog>, watched: Watched) -> End {
    let count = || recorder.len() + log.borrow().len();
    let processes: Vec<_> = watched
        .program
        .into_iter()
        .chain(watched.reference)
        .collect();
    let cpu_time = || {
        // A program that has not sent its first message is still being started.
        let started = !log.borrow().messages.is_empty();
        cpu_time_if_blocked(&processes).filter(|_| started)
    };
    let (mut last_count, mut last_event) = (count(), Instant::now());
    let mut blocked = Blocked::new(cpu_time());
    let mut looks = Looks::default();
    let mut most_memory = 0;
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let memory = watched.program.and_then(memory::in_use).unwrap_or_default();
        if memory > MAX_MEMORY_BYTES {
            return End::Runaway(Excess::Memory);
        }
        let grown = memory >= most_memory + GROWTH_BYTES;
        let (count, cpu_time) = (count(), cpu_time());
        let happened = count != last_count || grown;
        if happened {
            (last_count, last_event) = (count, Instant::now());
            most_memory = most_memory.max(memory);
            looks = Looks::default();
        }
        looks.look(watched.program);
        blocked.look(cpu_time, happened);
        let idle = last_event.elapsed() >= IDLE_TIMEOUT;
        let timer = || watched.program.map_or(Timer::None, timer::of_tree);
        // Where it has used no CPU time, its timers are what they were when it was first seen blocked.
        let stalled = blocked
            .time()
            .is_some_and(|time| time >= STALL_TIMEOUT && time >= stall_timeout(timer()));
        if idle || stalled {
            return End::Hung(Hang {
                idleness: looks.idleness(told(timer).await),
                told_to_stop: log.borrow().told_to_stop,
            });
        }
    }
}

/// What the timers are, asked again for a while where the system does not tell: on a busy machine a thread of a program
/// that is blocked may just be on its way into the call that it waits in, or out of the process.
async fn told(timer: impl Fn() -> Timer) -> Timer {
    for _ in 1..TIMER_LOOKS {
        match timer() {
            Timer::Unknown => tokio::time::sleep(POLL_INTERVAL).await,
            known => return known,
        }
    }
    timer()
}

/// How often the program was seen at work since the last event.
#[derive(Clone, Copy, Debug, Default)]
struct Looks {
    all: u32,
    busy: u32,
}

impl Looks {
    fn look(&mut self, program: Option<u32>) {
        let busy = program.is_some_and(|program| cpu_time_if_blocked(&[program]).is_none());
        self.all += 1;
        self.busy += u32::from(busy);
    }

    /// What the program did at these looks, if its timers are these now.
    fn idleness(self, timer: Timer) -> Idleness {
        // Elsewhere than on Linux no program is ever seen blocked.
        let told = threads::of_tree(std::process::id()).is_some();
        // A program that works now and then is seen at it now and then.
        let busy = self.busy * 10 >= self.all * 9;
        match timer {
            _ if !told => Idleness::Unknown,
            _ if busy => Idleness::Busy,
            Timer::None => Idleness::Blocked,
            Timer::Pending => Idleness::Timer,
            Timer::Unknown => Idleness::Unknown,
        }
    }
}

/// How long a program with these timers may be blocked.
fn stall_timeout(timer: Timer) -> Duration {
    match timer {
        Timer::None => STALL_TIMEOUT,
        Timer::Unknown => UNKNOWN_STALL_TIMEOUT,
        Timer::Pending => IDLE_TIMEOUT,
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use proto::control::v1::{Hello, from_program};

    use super::*;

    /// A log in which the program has sent its first message, so that it counts as started.
    fn started() -> watch::Sender<RunLog> {
        let (sender, _) = watch::channel(RunLog::default());
        let hello = from_program::Kind::Hello(Hello::default());
        sender.send_modify(|log| log.messages.push(hello));
        sender
    }

    /// What a program that does nothing but this comes to, and after how long.
    async fn ends(program: &str, arguments: &[&str]) -> (End, Duration) {
        let mut child: Child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let watched = Watched {
            program: Some(child.id()),
            reference: None,
        };
        let begun = Instant::now();
        let end = expired(&Recorder::new(), started().subscribe(), watched).await;
        child.kill().expect("it was not waited for");
        child.wait().expect("it ended");
        (end, begun.elapsed())
    }

    #[tokio::test]
    async fn run_without_processes_that_is_blocked_hangs() {
        let end = expired(&Recorder::new(), started().subscribe(), Watched::default()).await;
        assert!(matches!(end, End::Hung(_)), "{end:?}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn waiting_program_hangs_soon_and_sleeping_program_later() {
        let (waiting, sleeping) = tokio::join!(ends("cat", &[]), ends("sleep", &["600"]));
        assert_eq!(
            (waiting.0, sleeping.0),
            (hung(Idleness::Blocked), hung(Idleness::Timer))
        );
        assert!(waiting.1 < IDLE_TIMEOUT, "{:?}", waiting.1);
        assert!(sleeping.1 >= IDLE_TIMEOUT, "{:?}", sleeping.1);
    }

    #[tokio::test(start_paused = true)]
    async fn timers_are_asked_for_until_the_system_tells() {
        let asked = std::cell::Cell::new(0);
        let at_the = |last| {
            let asked = &asked;
            move || {
                asked.set(asked.get() + 1);
                match asked.get() == last {
                    true => Timer::None,
                    false => Timer::Unknown,
                }
            }
        };
        assert_eq!(told(at_the(3)).await, Timer::None);
        assert_eq!(asked.replace(0), 3);
        assert_eq!(told(at_the(0)).await, Timer::Unknown);
        assert_eq!(asked.get(), TIMER_LOOKS);
    }

    fn hung(idleness: Idleness) -> End {
        End::Hung(Hang {
            idleness,
            told_to_stop: false,
        })
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn program_that_computes_without_an_event_is_busy() {
        let (end, _) = ends("sh", &["-c", "while :; do :; done"]).await;
        assert_eq!(end, hung(Idleness::Busy));
    }

    /// It is never blocked for long, and nothing ever comes of it.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn program_that_sleeps_again_and_again_hangs() {
        let (end, time) = ends("sh", &["-c", "while :; do sleep 0.2; done"]).await;
        assert_eq!(end, hung(Idleness::Timer));
        assert!(time < RUN_TIMEOUT, "{time:?}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn program_that_fills_memory_is_a_runaway() {
        // Doubled on each pass, so that it takes no time: 256 MiB in the end, and twice that on the way.
        let script =
            "x=0123456789abcdef; while [ ${#x} -lt 200000000 ]; do x=$x$x; done; sleep 600";
        let (end, _) = ends("sh", &["-c", script]).await;
        assert_eq!(end, End::Runaway(Excess::Memory));
    }
}
