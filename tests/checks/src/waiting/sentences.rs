//! Sentences that are said of programs of every kind.

use stage::{Hang, Idleness};

/// What a program does of which nothing shows, in a sentence.
pub(super) fn inside(hang: Hang) -> String {
    match hang.idleness {
        Idleness::Blocked => {
            "It waits for something inside your program, such as a channel with a sender that was not dropped, a task \
             that does not end, or a lock."
        }
        Idleness::Timer => "It waits for a time, such as a sleep.",
        Idleness::Busy => "Your program computes, and nothing comes of it.",
        Idleness::Unknown => {
            "It waits for something inside your program, or computes: look for a channel with a sender that was not \
             dropped, a task or a loop that does not end, or a lock."
        }
    }
    .to_owned()
}

/// What is to be added to what a program waits for, if it does not wait.
pub(super) fn busy(hang: Hang) -> Option<String> {
    (hang.idleness == Idleness::Busy).then(|| {
        "Your program computes, and nothing comes of it. That leaves no time for its calls."
            .to_owned()
    })
}

/// What holds of a client that has made so many calls, and more than none, and stands still: the one sentence for it, so that a
/// diagnosis and what is said of the hang agree.
pub fn all_calls_over(made: usize) -> String {
    match made {
        1 => "The only call is over, and your function has not returned.".to_owned(),
        made => format!("All {made} calls are over, and your function has not returned."),
    }
}

/// The same of a program without a network that has sent and received messages.
pub(crate) fn both_sent(sent: usize, received: usize) -> String {
    format!(
        "Your program has sent {}, its peer has sent {}, and your function has not returned.",
        counted(sent, "message"),
        counted(received, "message")
    )
}

/// `1 message`, `2 messages`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    }
}
