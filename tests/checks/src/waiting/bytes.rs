//! A lesson without a network.

use stage::{Hang, Idleness, Run};
use tap::Side;

use super::sentences::{counted, inside};

pub(super) fn sentences(run: &Run, hang: Hang) -> Vec<String> {
    let by = |side| run.bytes.iter().filter(|(from, _)| *from == side).count();
    let (sent, answered) = (by(Side::Client), by(Side::Server));
    let mut sentences = vec![match (sent, answered) {
        (0, 0) => "Your program has sent nothing at all, and neither has its peer.".to_owned(),
        (0, answered) => format!(
            "Your program has sent nothing at all. Its peer has sent {}.",
            counted(answered, "message")
        ),
        (sent, answered) => format!(
            "Your program has sent {}, and its peer {}.",
            counted(sent, "message"),
            counted(answered, "message")
        ),
    }];
    sentences.push(match hang.idleness {
        // A peer sends all at once, or a message for each that it gets.
        Idleness::Blocked | Idleness::Unknown => {
            "No other message is on its way: a `receive` that is called once too often, or before the message that it \
             is to be the answer to was sent, waits for ever."
                .to_owned()
        }
        Idleness::Timer | Idleness::Busy => inside(hang).replacen("It ", "Your program ", 1),
    });
    sentences
}
