//! Of a run that hangs: who waits for what.
//!
//! What is said is read off the run alone and is true of any program: which calls are open and what each side of them
//! has done, and whether the program waited or computed. Why it does so, only its author can know.

mod bytes;
mod calls;
mod jobs;
mod open;
mod sentences;

pub use sentences::all_calls_over;
pub(crate) use sentences::both_sent;
use stage::{End, Peer, Run, Scenario};

/// A few sentences for a run that hangs. `None` for every other run.
pub(crate) fn waiting(scenario: &dyn Scenario, run: &Run) -> Option<String> {
    let End::Hung(hang) = run.end else {
        return None;
    };
    let sentences = match scenario.peer() {
        Peer::Bytes => bytes::sentences(run, hang),
        Peer::Server => calls::of_client(scenario, run, hang),
        Peer::Edge => calls::of_server(scenario, run, hang),
    };
    Some(sentences.join(" "))
}

#[cfg(test)]
mod tests;
