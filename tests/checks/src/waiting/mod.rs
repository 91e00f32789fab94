//! Of a run that hangs: who waits for what.
//!
//! What is said is read off the run alone and is true of any program: which calls are open and what each side of them
//! has done, and whether the program waited or computed. Why it does so, only its author can know.

mod bytes;
mod calls;
mod jobs;
mod open;

use stage::{End, Hang, Idleness, Peer, Run, Scenario};

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

/// What a program does of which nothing shows, in a sentence.
fn inside(hang: Hang) -> String {
    match hang.idleness {
        Idleness::Blocked => {
            "It waits for something inside your program, such as a channel with a sender that was not dropped, a task \
             that does not end, or a lock."
        }
        Idleness::Timer => "It waits for a time, such as a sleep.",
        Idleness::Busy => "It computes: look for a loop that does not end.",
        Idleness::Unknown => {
            "It waits for something inside your program, or computes: look for a channel with a sender that was not \
             dropped, a task or a loop that does not end, or a lock."
        }
    }
    .to_owned()
}

/// What is to be added to what a program waits for, if it does not wait.
fn busy(hang: Hang) -> Option<String> {
    (hang.idleness == Idleness::Busy).then(|| {
        "Your program computes all the time: look for a loop that does not end, and that leaves no time for its calls."
            .to_owned()
    })
}

/// `1 message`, `2 messages`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}

#[cfg(test)]
mod tests;
