//! Naming a usual mistake from what crossed the wire.

use proto::control::v1::from_program;
use stage::{
    End, Run,
    work::{at_once, pieces},
};
use tap::{Call, Event, EventKind, Hop, Side, calls};

/// A mistake, and how it shows.
#[derive(Clone, Copy, Debug)]
pub struct Diagnosis {
    /// Its name within its exercise, for example `connection-per-call`.
    pub name: &'static str,
    /// Whether a run shows it. Asked only of runs that did not pass. It goes by the events, so that a mistake is known
    /// however it is written.
    pub shows: fn(&Evidence<'_>) -> bool,
    /// What the learner is told: what was seen, why, and what to look at.
    pub advice: &'static str,
}

/// What a diagnosis may look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The run.
    pub run: &'a Run,
}

impl<'a> Evidence<'a> {
    /// The calls of one hop, in the order in which they began.
    pub fn calls(&self, hop: Hop) -> Vec<Call<'a>> {
        let mut calls = calls(&self.run.events);
        calls.retain(|call| call.hop == hop);
        calls
    }

    /// All calls; [`Call::parent`] is an index into these.
    pub fn all_calls(&self) -> Vec<Call<'a>> {
        calls(&self.run.events)
    }

    /// How many connections were opened on a hop.
    pub fn connections(&self, hop: Hop) -> usize {
        let opened = |event: &&Event| event.hop == hop && event.kind == EventKind::Connected;
        self.run.events.iter().filter(opened).count()
    }

    /// The bytes that the program sent in a lesson without a network.
    pub fn sent(&self) -> impl Iterator<Item = &'a [u8]> {
        let own = self
            .run
            .bytes
            .iter()
            .filter(|(from, _)| *from == Side::Client);
        own.map(|(_, bytes)| bytes.as_slice())
    }

    /// The bytes that its peer sent.
    pub fn given(&self) -> impl Iterator<Item = &'a [u8]> {
        let own = self
            .run
            .bytes
            .iter()
            .filter(|(from, _)| *from == Side::Server);
        own.map(|(_, bytes)| bytes.as_slice())
    }

    /// The lines that the program reported.
    pub fn reported(&self) -> impl Iterator<Item = &'a str> {
        self.run.said.iter().filter_map(|kind| match kind {
            from_program::Kind::Reported(reported) => Some(reported.line.as_str()),
            _ => None,
        })
    }

    /// Whether nothing happened any more, or it went on and on.
    pub fn hung(&self) -> bool {
        matches!(self.run.end, End::Hung | End::Endless)
    }

    /// The names of the pieces of given work that the program began.
    pub fn work(&self) -> impl Iterator<Item = &'a str> {
        pieces(&self.run.said)
    }

    /// How many pieces of given work the program was at, at a time, at most.
    pub fn at_once(&self) -> usize {
        at_once(&self.run.said)
    }

    /// Whether the program panicked, even if the panic was caught.
    pub fn panicked(&self) -> bool {
        self.panic().is_some()
    }

    /// The message of the program's first panic, even if the panic was caught.
    pub fn panic(&self) -> Option<&'a str> {
        self.run.said.iter().find_map(|kind| match kind {
            from_program::Kind::Panicked(panicked) => Some(panicked.message.as_str()),
            _ => None,
        })
    }

    /// Whether the program stopped before the exercise's function returned: by a panic, or by the end of its process. What
    /// is missing from such a run is no mistake of its own.
    pub fn stopped(&self) -> bool {
        self.panicked() || matches!(self.run.end, End::Exited(_))
    }

    /// Whether the program did not come to its end: it stopped, or returned an error. Of such a run it is not known what
    /// else it would have done.
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

/// The first message that one side of a call sent, as the type it is of.
pub fn message<M: prost::Message + Default>(call: &Call<'_>, side: Side) -> Option<M> {
    M::decode(call.messages(side).next()?.clone()).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use stage::{Inputs, Printed};

    /// A run without a network in which these messages crossed the wire and these lines were reported.
    pub(crate) fn run(bytes: Vec<(Side, Vec<u8>)>, lines: &[String]) -> Run {
        let reported = |line: &String| {
            from_program::Kind::Reported(proto::control::v1::Reported { line: line.clone() })
        };
        Run {
            inputs: Inputs::default(),
            events: Vec::new(),
            said: lines.iter().map(reported).collect(),
            bytes,
            end: End::Finished(String::new()),
            output: Printed::default(),
            transcript: tap::Transcript { lines: Vec::new() },
        }
    }

    /// The name of the first of these that the run shows.
    pub(crate) fn named(diagnoses: &[Diagnosis], run: &Run) -> Option<&'static str> {
        let evidence = Evidence { run };
        let found = diagnoses.iter().find(|own| (own.shows)(&evidence));
        found.map(|own| own.name)
    }
}
