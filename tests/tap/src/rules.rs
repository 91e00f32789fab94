//! What an exercise asks of a run: how the events of its hops are compared.

use std::time::Duration;

use crate::event::Side;
use crate::hop::Hop;

/// How the events of one hop are compared.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The hop that these rules are for.
    pub hop: Hop,
    /// Whether calls come in one order.
    pub calls: Order,
    /// The metadata keys that are compared, in either direction. All others are shown.
    pub metadata: &'static [&'static str],
    /// How the messages of the caller are compared.
    pub requests: Messages,
    /// How the messages of the called program are compared.
    pub responses: Messages,
    /// Fields that do not count, by their full names, `package.Message.field`, wherever the message stands. They are shown
    /// below the message that they are in.
    pub uncounted: &'static [&'static str],
    /// What the paths begin with of calls that do not count, `/grpc.health.v1.Health/`: a program may make as many of them as
    /// it likes. How many there were is shown.
    pub uncounted_calls: &'static [&'static str],
    /// How far one side may be ahead of the other. `None`: nothing is printed of it.
    pub ahead: Option<Ahead>,
    /// How many calls more than it has sent messages back the called program may have caused in a call, at any time: a
    /// program that asks others for what it answers must not run away from a caller who reads slowly. `None`: nothing is
    /// printed of it. Calls that do not count and those whose cause is not known are left out.
    pub caused_ahead: Option<usize>,
    /// In which order the two sides of a call are printed.
    pub conversation: Conversation,
    /// Whether the end of a call says what the other side had not said by then.
    pub unsaid: bool,
    /// Whether the details of a status are compared. The words that come with it never are.
    pub details: bool,
    /// What the deadline must be.
    pub deadline: Deadline,
    /// How many connections there may be.
    pub connections: Count,
    /// How many calls may be open at a time, at most. Not printed where it is only shown.
    pub open: Count,
    /// Whether a call is printed inside the one that caused it, where that is known. Not for a hop on which calls are made
    /// while several others are open: chance decides how many are open, and with it whether the cause is known.
    pub nested: bool,
}

impl Rules {
    /// Calls in order with their messages in order, each side by itself; details of statuses compared and no metadata;
    /// deadlines and connections shown.
    pub const fn new(hop: Hop) -> Self {
        Self {
            hop,
            calls: Order::Exact,
            requests: Messages::Each,
            responses: Messages::Each,
            uncounted: &[],
            uncounted_calls: &[],
            ahead: None,
            caused_ahead: None,
            conversation: Conversation::Apart,
            unsaid: false,
            metadata: &[],
            details: true,
            deadline: Deadline::Shown,
            connections: Count::Shown,
            open: Count::Shown,
            nested: true,
        }
    }
}

impl Rules {
    /// Whether a call of this path counts.
    pub(crate) fn counts(&self, path: &str) -> bool {
        !self
            .uncounted_calls
            .iter()
            .any(|begin| path.starts_with(begin))
    }
}

/// Whether an order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It does.
    Exact,
    /// It does not: the lines are sorted.
    Set,
}

/// How the messages of one side of a call are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// One by one, in their order.
    Each,
    /// Those that have this field, which is a string or bytes, and are otherwise the same, are one message with what the
    /// field has in all of them: where the value was cut does not count. In how many messages it came is shown.
    Joined {
        /// The field's full name, `package.Message.field`. It may lie in a message within the message.
        field: &'static str,
    },
    /// In the order of a field, for answers that may come in any. Those with the same value there stay in their order, and
    /// those without one come first.
    SetBy {
        /// The field's full name, `package.Message.field`. It may lie in a message within the message.
        key: &'static str,
    },
}

/// How many messages one side of a call may have sent beyond those that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// The side that may be ahead.
    pub side: Side,
    /// How many messages of it there may be at any time for which none of the other side's has come yet.
    pub at_most: usize,
}

/// In which order the two sides of a call are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversation {
    /// Side by side: all that the caller did, the calls that the call caused, and all that the called program did. For
    /// calls whose sides do not wait for each other.
    Apart,
    /// As it came, for a conversation in which each step waits for the one before, or for a gate. The called program's
    /// headers stand before what it says next, or before the end, since nobody waits for them. A call that the call caused
    /// stands where its answer came, in the order of the answers: when it is made is for the program to choose, and a gate
    /// says when it is answered.
    Interleaved,
}

/// What is asked of a `grpc-timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// This very duration.
    Exact,
    /// There where the call that caused this one had one, and of what is left of that: at least half, and no more than
    /// all of it.
    ///
    /// What is left is the caller's timeout without the time between the two requests, as the tap saw them. The tap sees
    /// more time pass than the program does, so a program that sets a little more than that is right. It is to have
    /// subtracted half of what has certainly been `spent`.
    Left {
        /// For how long, at least, the scenario keeps the program waiting between the moment when it has the caller's
        /// request and the one when it makes its own, in every call of the hop whose caller has a deadline: 300 ms or
        /// more, by a gate that opens so long after the program was seen to wait. A call that was quicker need only be
        /// shorter than its caller's. Zero where the scenario spends no time: shorter is enough then.
        spent: Duration,
    },
    /// Nothing.
    Shown,
}

/// What is asked of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This very number.
    Exact,
    /// No more than this.
    AtMost(usize),
    /// Nothing.
    Shown,
}
