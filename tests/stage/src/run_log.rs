//! What a run has recorded of its program so far.

use proto::control::v1::from_program;
use tap::Side;

use crate::end::End;
use crate::excess::Excess;
use crate::limits::MAX_EVENTS;

/// The program's messages, and in a lesson without a network the bytes that it and its peer sent each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunLog {
    /// The messages of the control channel, in order.
    pub(crate) messages: Vec<from_program::Kind>,
    /// How the program ended, once it has.
    pub(crate) end: Option<End>,
    /// Whether a program that serves has been told to stop.
    pub(crate) told_to_stop: bool,
    bytes: Vec<Sent>,
    /// How many of `bytes` the program sent.
    program_sends: usize,
}

/// Bytes that one side sent, in a lesson without a network.
#[derive(Clone, Debug)]
struct Sent {
    from: Side,
    data: Vec<u8>,
    /// For the program's bytes: how many times it had sent before. For the peer's: before which of the program's sends
    /// they belong, from 0.
    position: usize,
}

impl RunLog {
    /// Records bytes that the program sent.
    pub(crate) fn program_sent(&mut self, data: Vec<u8>) {
        let position = self.program_sends;
        self.program_sends += 1;
        let from = Side::Client;
        self.bytes.push(Sent {
            from,
            data,
            position,
        });
    }

    /// Records bytes that its peer sent, which belong before what the program sends at `position`, from 0.
    pub(crate) fn peer_sent(&mut self, position: usize, data: Vec<u8>) {
        let from = Side::Server;
        self.bytes.push(Sent {
            from,
            data,
            position,
        });
    }

    /// What the program sent at `position`, from 0.
    pub(crate) fn sent_by_program(&self, position: usize) -> Option<&[u8]> {
        let sent = self.of_program().nth(position)?;
        Some(&sent.data)
    }

    /// How many entries there are: messages, and bytes sent either way.
    pub(crate) fn len(&self) -> usize {
        self.messages.len() + self.bytes.len()
    }

    /// Whether the program has sent more messages than it may. What its peer sends does not count.
    pub(crate) fn excess(&self) -> Option<Excess> {
        let sent = self.messages.len() + self.program_sends;
        (sent > MAX_EVENTS).then_some(Excess::Messages)
    }

    /// All bytes that were sent, in an order that no race decides.
    pub(crate) fn bytes_in_order(&self) -> Vec<(Side, Vec<u8>)> {
        let mut all = self.bytes.clone();
        all.sort_by_key(|sent| (sent.position, sent.from == Side::Client));
        all.into_iter().map(|sent| (sent.from, sent.data)).collect()
    }

    fn of_program(&self) -> impl Iterator<Item = &Sent> {
        self.bytes.iter().filter(|sent| sent.from == Side::Client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_bytes(log: &RunLog) -> Vec<u8> {
        let all = log.bytes_in_order().into_iter();
        all.map(|(_, data)| data[0]).collect()
    }

    #[test]
    fn order_does_not_depend_on_which_side_was_quicker() {
        let (mut eager, mut lazy) = (RunLog::default(), RunLog::default());
        for position in 0..3 {
            eager.peer_sent(position, vec![position as u8]);
        }
        for number in 10..13 {
            eager.program_sent(vec![number]);
            lazy.program_sent(vec![number]);
        }
        for position in 0..3 {
            lazy.peer_sent(position, vec![position as u8]);
        }
        assert_eq!(first_bytes(&eager), [0, 10, 1, 11, 2, 12]);
        assert_eq!(eager.bytes_in_order(), lazy.bytes_in_order());
        assert_eq!(lazy.sent_by_program(1), Some(&[11][..]));
    }

    #[test]
    fn what_the_peer_sends_last_comes_last() {
        let mut log = RunLog::default();
        log.peer_sent(1, vec![2]);
        log.program_sent(vec![1]);
        assert_eq!(first_bytes(&log), [1, 2]);
    }

    #[test]
    fn last_message_that_is_allowed_and_first_that_is_not() {
        let mut log = RunLog::default();
        log.messages.resize(
            MAX_EVENTS - 1,
            from_program::Kind::Hello(Default::default()),
        );
        log.program_sent(Vec::new());
        log.peer_sent(0, Vec::new());
        assert_eq!(log.excess(), None);
        log.program_sent(Vec::new());
        assert_eq!(log.excess(), Some(Excess::Messages));
    }

    #[test]
    fn messages_and_bytes_are_counted() {
        let mut log = RunLog::default();
        log.messages
            .push(from_program::Kind::Hello(Default::default()));
        log.program_sent(vec![1]);
        log.peer_sent(0, vec![2]);
        assert_eq!(log.len(), 3);
    }
}
