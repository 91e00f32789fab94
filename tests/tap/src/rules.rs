//! What an exercise asks of a run: how the events of its hops are compared.

use std::time::Duration;

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
    /// Calls in order, no metadata compared, deadlines and connections shown.
    pub const fn new(hop: Hop) -> Self {
        Self {
            hop,
            calls: Order::Exact,
            metadata: &[],
            deadline: Deadline::Shown,
            connections: Count::Shown,
            open: Count::Shown,
            nested: true,
        }
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
