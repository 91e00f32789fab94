//! What a diagnosis may look at: a run, by its calls, its bytes, its reports, and how it differs.

use proto::control::v1::from_program;
use stage::{
    End, Run,
    jobs::{max_concurrent, started},
};
use tap::{Call, Difference, Event, EventKind, Hop, Side, calls};

/// What a diagnosis may look at.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The run.
    pub run: &'a Run,
    /// How it differs from what was expected. `None` where that is not known.
    pub difference: Option<&'a Difference>,
    /// Its calls. Grouping the events takes long for a run that goes on and on, and each diagnosis asks for them.
    calls: Vec<Call<'a>>,
}

impl<'a> Evidence<'a> {
    /// The evidence of a run. Make it once and ask all diagnoses.
    pub fn new(run: &'a Run, difference: Option<&'a Difference>) -> Self {
        Self {
            run,
            difference,
            calls: calls(&run.events),
        }
    }

    /// The calls of one hop, in the order in which they began.
    pub fn calls(&self, hop: Hop) -> Vec<Call<'a>> {
        let of_hop = self.calls.iter().filter(|call| call.hop == hop);
        of_hop.cloned().collect()
    }

    /// The calls of one method, such as `/grpc.health.v1.Health/Check`, in the order in which they began. Ask by the path
    /// before a message is decoded: bytes of one type often decode as another.
    pub fn calls_to(&self, hop: Hop, path: &str) -> Vec<Call<'a>> {
        let of_method = |call: &&Call<'_>| call.hop == hop && call.path == path;
        self.calls.iter().filter(of_method).cloned().collect()
    }

    /// All calls; [`Call::parent`] is an index into these.
    pub fn all_calls(&self) -> Vec<Call<'a>> {
        self.calls.clone()
    }

    /// How many connections were opened on a hop.
    pub fn connections(&self, hop: Hop) -> usize {
        let opened = |event: &&Event| event.hop == hop && event.kind == EventKind::Connected;
        self.run.events.iter().filter(opened).count()
    }

    /// The bytes that the program sent in a lesson without a network.
    pub fn sent(&self) -> impl Iterator<Item = &'a [u8]> {
        self.sent_by(Side::Client)
    }

    /// The bytes that its peer sent.
    pub fn peer_sent(&self) -> impl Iterator<Item = &'a [u8]> {
        self.sent_by(Side::Server)
    }

    fn sent_by(&self, side: Side) -> impl Iterator<Item = &'a [u8]> {
        let sent = self.run.bytes.iter().filter(move |(from, _)| *from == side);
        sent.map(|(_, bytes)| bytes.as_slice())
    }

    /// The lines that the program reported.
    pub fn reported(&self) -> impl Iterator<Item = &'a str> {
        self.run.messages.iter().filter_map(|kind| match kind {
            from_program::Kind::Reported(reported) => Some(reported.line.as_str()),
            _ => None,
        })
    }

    /// Whether the run had to be ended: nothing happened any more, or it went on and on.
    pub fn did_not_finish(&self) -> bool {
        matches!(self.run.end, End::Hung(_) | End::Runaway(_))
    }

    /// The names of the blocking jobs that the program started.
    pub fn jobs(&self) -> impl Iterator<Item = &'a str> {
        started(&self.run.messages)
    }

    /// The largest number of blocking jobs that ran at the same time.
    pub fn max_concurrent_jobs(&self) -> usize {
        max_concurrent(&self.run.messages)
    }

    /// Whether the program panicked, even if the panic was caught.
    pub fn panicked(&self) -> bool {
        self.panic().is_some()
    }

    /// The message of the program's first panic, even if the panic was caught.
    pub fn panic(&self) -> Option<&'a str> {
        self.run.messages.iter().find_map(|kind| match kind {
            from_program::Kind::Panicked(panicked) => Some(panicked.message.as_str()),
            _ => None,
        })
    }

    /// Whether the program stopped before the exercise's function returned: by a panic, or by the end of its process.
    /// What is missing from such a run is not one more mistake.
    pub fn stopped(&self) -> bool {
        self.panicked() || matches!(self.run.end, End::Exited(_))
    }

    /// Whether the program stopped, or its function returned an error. What else such a program would have done is not
    /// known.
    pub fn cut_short(&self) -> bool {
        self.stopped() || !self.error().is_empty()
    }

    /// The error that the exercise's function returned. Empty where there is none.
    pub fn error(&self) -> &'a str {
        match &self.run.end {
            End::Finished(error) => error,
            _ => "",
        }
    }
}

/// The first message that one side of a call sent, decoded.
pub fn message<M: prost::Message + Default>(call: &Call<'_>, side: Side) -> Option<M> {
    M::decode(call.messages(side).next()?.clone()).ok()
}
