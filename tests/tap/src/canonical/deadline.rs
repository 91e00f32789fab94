//! What a call's deadline is printed as.

use std::time::Duration;

use crate::call_tree::Call;
use crate::rules::Deadline;
use crate::transcript::Timeout;

/// What is printed of the deadline of a call that `parent` caused, and whether it is compared. `None`: it has none.
pub(super) fn timeout(
    rule: Deadline,
    call: &Call<'_>,
    parent: Option<&Call<'_>>,
) -> Option<(Timeout, bool)> {
    let timeout = call.timeout?;
    let caller = parent.and_then(|parent| Some((parent.timeout?, parent.at)));
    Some(match (rule, caller) {
        (Deadline::Left { spent }, Some((caller, began))) => {
            let elapsed = call.at.saturating_sub(began);
            (of_what_is_left(timeout, caller, elapsed, spent), true)
        }
        (rule, _) => (Timeout::Exact(timeout), rule == Deadline::Exact),
    })
}

/// How a timeout compares with what is left of the caller's. The tap measured `elapsed` between the two requests. Of that,
/// the program has seen less: it was handed its request after the tap saw it, and set the deadline of its own before the
/// tap saw that. How much less depends on how busy the machine is, so:
///
/// - What is left, as the tap measures it, is no more than what the program has left. Half of it is a bound from below
///   that no right program misses, however busy the machine is.
/// - From above, it is no bound. What is one is the caller's timeout without what has certainly been spent. Half of that
///   is demanded: the rest is for clocks that are read a little early or late, and for units that are rounded up.
fn of_what_is_left(
    timeout: Duration,
    caller: Duration,
    elapsed: Duration,
    spent: Duration,
) -> Timeout {
    // Where it was not spent, the program did not wait for what the scenario made it wait for. That shows elsewhere.
    let demanded = if elapsed >= spent {
        spent / 2
    } else {
        Duration::ZERO
    };
    let left = caller.saturating_sub(elapsed);
    if timeout >= caller || timeout > caller.saturating_sub(demanded) {
        Timeout::MoreThanLeft
    } else if timeout < left / 2 {
        Timeout::LessThanHalf
    } else {
        Timeout::WithinLeft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: Duration = Duration::from_secs(2);
    const SPENT: Duration = Duration::from_millis(300);

    fn printed(timeout_ms: u64, elapsed_ms: u64) -> Timeout {
        let timeout = Duration::from_millis(timeout_ms);
        of_what_is_left(timeout, CALLER, Duration::from_millis(elapsed_ms), SPENT)
    }

    #[test]
    fn a_program_that_subtracts_is_within_however_slow_the_machine_is() {
        for noise_ms in [0, 1, 40, 400, 1_000, 5_000] {
            // The program saw no more than what the scenario had it wait, or all that there was.
            for seen_ms in [300, 300 + noise_ms / 2, 300 + noise_ms] {
                let timeout_ms = 2_000_u64.saturating_sub(seen_ms);
                let printed = printed(timeout_ms, 300 + noise_ms);
                assert_eq!(printed, Timeout::WithinLeft, "{seen_ms} of {noise_ms} more");
            }
        }
    }

    #[test]
    fn a_program_that_does_not_subtract_sets_more_than_is_left() {
        for elapsed_ms in [300, 340, 1_900, 9_000] {
            for timeout_ms in [1_851, 1_999, 2_000, 2_001, 30_000] {
                assert_eq!(printed(timeout_ms, elapsed_ms), Timeout::MoreThanLeft);
            }
        }
        // Also where the scenario did not come to spend anything.
        assert_eq!(printed(2_000, 5), Timeout::MoreThanLeft);
        assert_eq!(printed(1_999, 5), Timeout::WithinLeft);
    }

    #[test]
    fn a_constant_or_another_unit_is_less_than_half() {
        for timeout_ms in [0, 1, 2, 500, 849] {
            assert_eq!(printed(timeout_ms, 300), Timeout::LessThanHalf);
        }
        assert_eq!(printed(850, 300), Timeout::WithinLeft);
    }

    #[test]
    fn nothing_left_is_what_it_is() {
        assert_eq!(printed(0, 2_000), Timeout::WithinLeft);
        assert_eq!(printed(0, 7_000), Timeout::WithinLeft);
    }

    /// gRPC has eight digits for a timeout: 99,999,999 of a unit at most, so one of a few seconds is in microseconds.
    #[test]
    fn a_unit_that_is_rounded_is_within() {
        let caller = Duration::from_secs(30);
        let left = caller - Duration::from_nanos(300_000_001);
        for rounded in [
            Duration::from_micros(left.as_micros() as u64),
            Duration::from_micros(left.as_micros() as u64 + 1),
            Duration::from_millis(left.as_millis() as u64 + 1),
            Duration::from_secs(left.as_secs()),
        ] {
            let printed = of_what_is_left(rounded, caller, SPENT, SPENT);
            assert_eq!(printed, Timeout::WithinLeft, "{rounded:?}");
        }
    }
}
