//! Naming a known mistake from what crossed the wire.

use crate::evidence::Evidence;

/// A mistake, and how it shows.
#[derive(Clone, Copy, Debug)]
pub struct Diagnosis {
    /// Its name within its exercise, for example `connection-per-call`.
    pub name: &'static str,
    /// What was seen, as a sentence with the ids and numbers of the run: no more than the predicate tests. `None` where
    /// the run does not show it. Asked only of runs that did not pass. It looks at events and not at code, so that a
    /// mistake is recognised however it is written.
    pub seen: fn(&Evidence<'_>) -> Option<String>,
    /// The usual cause, and what to look at. It may be wrong, and is worded so.
    pub usually: &'static str,
}

/// A mistake that a run shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosed {
    /// The name of the [`Diagnosis`].
    pub name: &'static str,
    /// What was seen.
    pub seen: String,
    /// The usual cause.
    pub usually: &'static str,
}

impl Diagnosis {
    /// What it says of a run, if the run shows it.
    pub fn of(&self, evidence: &Evidence<'_>) -> Option<Diagnosed> {
        (self.seen)(evidence).map(|seen| Diagnosed {
            name: self.name,
            seen,
            usually: self.usually,
        })
    }
}
