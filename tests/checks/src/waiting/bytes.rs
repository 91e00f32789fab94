//! A lesson without a network.

use stage::{Hang, Idleness, Run};
use tap::Side;

use super::sentences::{both_sent, counted, inside};

pub(super) fn sentences(run: &Run, hang: Hang) -> Vec<String> {
    let by = |side| run.bytes.iter().filter(|(from, _)| *from == side).count();
    let (sent, answered) = (by(Side::Client), by(Side::Server));
    let mut sentences = vec![match (sent, answered) {
        (0, 0) => "Your program has sent nothing at all, and neither has its peer.".to_owned(),
        (0, answered) => format!(
            "Your program has sent nothing at all. Its peer has sent {}.",
            counted(answered, "message")
        ),
        (sent, answered) => both_sent(sent, answered),
    }];
    sentences.push(match hang.idleness {
        // A peer sends all at once, or a message for each that it gets.
        Idleness::Blocked | Idleness::Unknown => {
            "No other message is on its way. A `receive` waits for ever if it is called once too often, or before your \
             program has sent the message that it is to get the answer to."
                .to_owned()
        }
        Idleness::Timer | Idleness::Busy => inside(hang).replacen("It ", "Your program ", 1),
    });
    sentences
}
