//! The calls of a run that have not ended, as its transcript shows them.

use stage::Run;
use tap::{Call, Hop, Side};

use crate::general::blocks::{CallBlock, calls};

/// How many calls a sentence names.
const NAMED: usize = 3;

/// How far an open call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// How many messages the caller has sent.
    pub(super) sent: usize,
    /// Whether the caller has sent its last message.
    pub(super) half_closed: bool,
    /// How many messages the called program has sent.
    pub(super) answered: usize,
    /// Whether the called program has sent anything.
    pub(super) begun: bool,
}

impl Progress {
    pub(super) fn of(call: &Call<'_>) -> Self {
        let is = |of: fn(&tap::EventKind) -> bool| call.events.iter().any(|event| of(&event.kind));
        let answered = call.messages(Side::Server).count();
        Self {
            sent: call.messages(Side::Client).count(),
            half_closed: is(|kind| matches!(kind, tap::EventKind::HalfClose)),
            answered,
            begun: answered > 0 || is(|kind| matches!(kind, tap::EventKind::Response { .. })),
        }
    }
}

/// How a sentence names these calls of a hop, which have come equally far: by their numbers in the transcript, with what
/// they are about where it is only one. `Call 2 (Classify about "doc-381")`, `Calls 1, 2, 5 and 4 more`.
pub(super) fn named(run: &Run, hop: Hop, of: &[&Call<'_>]) -> String {
    let lines: Vec<_> = run.transcript.lines.iter().collect();
    let blocks = calls(&lines);
    let fits = |block: &&CallBlock<'_>| {
        block.pending
            && block.hop == hop.to_string()
            && of.iter().any(|call| {
                let progress = Progress::of(call);
                block.path == call.path
                    && block.half_closed() == progress.half_closed
                    && block.answered.is_empty() == (progress.answered == 0)
            })
    };
    let shown: Vec<_> = blocks.iter().filter(fits).collect();
    // Some are not in the transcript, or more look the same.
    if shown.len() != of.len() {
        let method =
            |call: &&Call<'_>| call.path.rsplit('/').next().unwrap_or(call.path).to_owned();
        return match of {
            [call] => format!("A call of {}", method(call)),
            calls => format!("{} calls", calls.len()),
        };
    }
    match shown.as_slice() {
        [call] => format!("Call {} ({})", call.number, call.label()),
        calls => {
            let numbers = calls.iter().take(NAMED).map(|call| call.number.to_string());
            let numbers: Vec<_> = numbers.collect();
            match calls.len().saturating_sub(NAMED) {
                0 => format!("Calls {}", and(&numbers)),
                more => format!("Calls {} and {more} more", numbers.join(", ")),
            }
        }
    }
}

fn and(numbers: &[String]) -> String {
    match numbers {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        all => all.join(", "),
    }
}
