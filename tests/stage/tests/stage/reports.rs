//! Programs that report too much.

use stage::{End, Excess, Run};

use crate::harness::{run, timed};

/// A page, for a screen.
const PAGE_BYTES: usize = 4_000;

/// How long a check may take at most.
const SECONDS: u64 = 20;

fn transcript(run: &Run) -> String {
    run.transcript.to_string()
}

#[tokio::test]
async fn long_lines_are_cut_to_a_page() {
    for (name, left_out) in [
        ("reports_one_line_of_1_mb", "998000 bytes left out"),
        ("reports_a_million_newlines", "998000 bytes left out"),
    ] {
        let (run, time) = timed(name).await;
        assert_eq!(run.end, End::Finished(String::new()), "{name}");
        let transcript = transcript(&run);
        assert!(transcript.contains(left_out), "{name}: {transcript}");
        assert!(
            transcript.len() < 2 * PAGE_BYTES,
            "{name}: {}",
            transcript.len()
        );
        assert!(time.as_secs() < SECONDS, "{name}: {time:?}");
    }
}

#[tokio::test]
async fn too_much_ends_the_run_with_its_limit() {
    for (name, excess) in [
        ("reports_one_line_of_30_mb", Excess::Message),
        ("reports_half_a_mb_20_times", Excess::Reported),
        ("reports_100_000_lines", Excess::Messages),
    ] {
        let (run, time) = timed(name).await;
        assert_eq!(run.end, End::Runaway(excess), "{name}");
        assert!(time.as_secs() < SECONDS, "{name}: {time:?}");
    }
}

#[tokio::test]
async fn many_lines_are_compared_in_no_time() {
    let (run, time) = timed("reports_5_000_lines_that_differ").await;
    assert_eq!(run.end, End::Finished(String::new()));
    assert!(time.as_secs() < SECONDS, "{time:?}");
    let mut other = run.transcript.clone();
    other.lines.reverse();
    let begun = std::time::Instant::now();
    let difference = tap::compare(&other, &run.transcript);
    assert!(difference.is_some());
    let time = begun.elapsed();
    assert!(time.as_secs() < 5, "{time:?}");
}

#[tokio::test]
async fn long_error_is_cut() {
    let run = run("fails_with_1_mb").await;
    let End::Finished(error) = &run.end else {
        panic!("{:?}", run.end);
    };
    assert!(error.len() < PAGE_BYTES, "{}", error.len());
    // The kit prints it as well.
    let (head, _, tail) = run.output.lines(20);
    let printed: usize = head.iter().chain(&tail).map(String::len).sum();
    assert!(printed < PAGE_BYTES, "{printed}");
}
