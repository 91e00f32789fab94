//! Programs that use much memory. Only Linux limits it.
#![cfg(target_os = "linux")]

use stage::{End, Excess};

use crate::harness::run;

#[tokio::test]
async fn both_ways_to_use_too_much_end_alike() {
    for name in ["pushes_without_end", "asks_for_4_gib"] {
        let run = run(name).await;
        let expected = End::Runaway(Excess::Memory);
        assert_eq!(run.end, expected, "{name}: {}", run.output);
    }
}

#[tokio::test]
async fn what_a_program_may_well_use_is_allowed() {
    let run = run("uses_threads_and_memory").await;
    assert_eq!(run.end, End::Finished(String::new()), "{}", run.output);
}
