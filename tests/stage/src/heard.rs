//! What a run has heard of its program so far.

use proto::control::v1::from_program;
use tap::Side;

use crate::run::End;

/// Everything that the program said, and in a lesson without a network what it and its peer sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    /// On the control channel, in order.
    pub(crate) said: Vec<from_program::Kind>,
    /// How the program ended, once it has.
    pub(crate) end: Option<End>,
    bytes: Vec<Crossed>,
}

/// A message of a lesson without a network.
#[derive(Clone, Debug)]
struct Crossed {
    from: Side,
    data: Vec<u8>,
    /// The place of one of the program's messages among them, from 0. For one of the peer's: before which of those it
    /// belongs.
    turn: usize,
}

impl Heard {
    /// The program sent this.
    pub(crate) fn program_sent(&mut self, data: Vec<u8>) {
        let turn = self.of_program().count();
        let from = Side::Client;
        self.bytes.push(Crossed { from, data, turn });
    }

    /// Its peer sent this, which belongs before the program's `turn`th message, from 0.
    pub(crate) fn peer_sent(&mut self, turn: usize, data: Vec<u8>) {
        let from = Side::Server;
        self.bytes.push(Crossed { from, data, turn });
    }

    /// The program's `index`th message, from 0.
    pub(crate) fn sent(&self, index: usize) -> Option<&[u8]> {
        let crossed = self.of_program().nth(index)?;
        Some(&crossed.data)
    }

    /// How many messages have gone either way.
    pub(crate) fn messages(&self) -> usize {
        self.bytes.len()
    }

    /// All messages, in an order that no race decides.
    pub(crate) fn in_order(&self) -> Vec<(Side, Vec<u8>)> {
        let mut all = self.bytes.clone();
        all.sort_by_key(|crossed| (crossed.turn, crossed.from == Side::Client));
        all.into_iter()
            .map(|crossed| (crossed.from, crossed.data))
            .collect()
    }

    fn of_program(&self) -> impl Iterator<Item = &Crossed> {
        let own = |crossed: &&Crossed| crossed.from == Side::Client;
        self.bytes.iter().filter(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_same_whichever_side_was_quicker() {
        let (mut eager, mut lazy) = (Heard::default(), Heard::default());
        for turn in 0..3 {
            eager.peer_sent(turn, vec![turn as u8]);
        }
        for turn in 0..3 {
            eager.program_sent(vec![10 + turn]);
            lazy.program_sent(vec![10 + turn]);
        }
        for turn in 0..3 {
            lazy.peer_sent(turn, vec![turn as u8]);
        }
        let order: Vec<_> = eager
            .in_order()
            .into_iter()
            .map(|(_, data)| data[0])
            .collect();
        assert_eq!(order, [0, 10, 1, 11, 2, 12]);
        assert_eq!(eager.in_order(), lazy.in_order());
        assert_eq!(lazy.sent(1), Some(&[11][..]));
    }

    #[test]
    fn what_the_peer_sends_last_stands_last() {
        let mut heard = Heard::default();
        heard.peer_sent(1, vec![2]);
        heard.program_sent(vec![1]);
        let order: Vec<_> = heard
            .in_order()
            .into_iter()
            .map(|(_, data)| data[0])
            .collect();
        assert_eq!(order, [1, 2]);
    }
}
