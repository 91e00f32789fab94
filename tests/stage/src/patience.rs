//! When a run is over although the program has not said so.
//!
//! The one place where the stage goes by the clock, and only for programs that will never come to an end: no verdict of a
//! program that goes on waits for any of this.

use std::time::{Duration, Instant};

use tap::Recorder;
use tokio::sync::watch;

use crate::asleep::asleep;
use crate::heard::Heard;
use crate::run::End;

/// How long nothing may happen before a run counts as hanging. Generous, since a machine under load is slow.
const IDLE: Duration = Duration::from_secs(8);

/// How long nothing may happen while the program and its peer sleep. That is no machine under load: all parties wait.
/// Longer than any deadline that a scenario lets pass, since a program that waits for a timer sleeps as well.
const ASLEEP: Duration = Duration::from_secs(1);

/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// How long a run may go on, whatever happens in it: a program that calls for ever is never idle. Generous, as above.
const LIMIT: Duration = Duration::from_secs(60);

/// How many events a run may have, things a program may say, and lines a transcript. Far more than any exercise needs,
/// and few enough that comparing them takes no time to speak of.
pub(crate) const MOST: usize = 5_000;

/// Ends when nothing has happened for a long while, or for a while in which all of these processes slept: the program
/// hangs. Or when far too much has happened, or something has for far too long: it does not end.
pub(crate) async fn runs_out(
    recorder: &Recorder,
    heard: watch::Receiver<Heard>,
    processes: &[u32],
) -> End {
    let mut said = heard.clone();
    tokio::select! {
        () = nothing_happens(recorder, heard, processes) => End::Hung,
        _ = recorder.until(|events| events.len() > MOST) => End::Endless,
        Ok(_) = said.wait_for(|heard| heard.said.len() + heard.messages() > MOST) => End::Endless,
        () = tokio::time::sleep(LIMIT) => End::Endless,
    }
}

async fn nothing_happens(recorder: &Recorder, heard: watch::Receiver<Heard>, processes: &[u32]) {
    let count = || {
        let heard = heard.borrow();
        recorder.len() + heard.said.len() + heard.messages()
    };
    let ran = || {
        // A program that has not said a word yet is still being started.
        let begun = !heard.borrow().said.is_empty();
        asleep(processes).filter(|_| begun)
    };
    let (mut seen, mut changed) = (count(), Instant::now());
    let (mut slept, mut fell_asleep) = (ran(), Instant::now());
    loop {
        tokio::time::sleep(LOOK).await;
        let now = (count(), ran());
        if now.0 != seen {
            (seen, changed) = (now.0, Instant::now());
        }
        if now.1.is_none() || now.1 != slept || changed > fell_asleep {
            (slept, fell_asleep) = (now.1, Instant::now());
        }
        if changed.elapsed() >= IDLE || slept.is_some() && fell_asleep.elapsed() >= ASLEEP {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::control::v1::{Hello, from_program};

    use super::*;

    #[tokio::test]
    async fn a_program_that_says_ever_more_does_not_end() {
        let (hear, heard) = watch::channel(Heard::default());
        hear.send_modify(|heard| {
            for _ in 0..=MOST {
                heard.program_sent(Vec::new());
            }
        });
        assert_eq!(runs_out(&Recorder::new(), heard, &[]).await, End::Endless);
    }

    #[tokio::test]
    async fn a_program_that_has_begun_and_sleeps_hangs() {
        let (hear, heard) = watch::channel(Heard::default());
        hear.send_modify(|heard| heard.said.push(from_program::Kind::Hello(Hello::default())));
        assert_eq!(runs_out(&Recorder::new(), heard, &[]).await, End::Hung);
    }
}
