//! Programs that pause, and programs that wait for nothing. Only Linux tells them apart.
#![cfg(target_os = "linux")]

use std::time::Duration;

use stage::{End, Idleness};

use crate::harness::{run, timed};

/// What a program that hung did.
fn idleness(end: &End) -> Option<Idleness> {
    match end {
        End::Hung(hang) => Some(hang.idleness),
        _ => None,
    }
}

#[tokio::test]
async fn program_that_sleeps_for_2_s_is_not_hung() {
    for name in ["sleeps_2_s_and_reports", "sleeps_2_s_in_a_blocking_thread"] {
        let run = run(name).await;
        assert_eq!(run.end, End::Finished(String::new()), "{name}");
        assert!(run.transcript.to_string().contains("awake"), "{name}");
    }
}

#[tokio::test]
async fn program_that_waits_for_nothing_hangs_soon() {
    let (run, time) = timed("waits_for_nothing").await;
    assert_eq!(idleness(&run.end), Some(Idleness::Blocked));
    assert!(time < Duration::from_secs(6), "{time:?}");
}

#[tokio::test]
async fn program_that_sleeps_for_ever_hangs() {
    let (run, time) = timed("sleeps_in_a_loop").await;
    assert_eq!(idleness(&run.end), Some(Idleness::Timer));
    assert!(time < Duration::from_secs(20), "{time:?}");
}
