//! What a right program may do otherwise than another: made of the record of a run, as if the program had done it.
//!
//! Each is a change that no task forbids by itself. The run's transcript is then made anew, by the scenario's own rules, and
//! must be the one that was expected.

mod calls;
mod messages;
mod program;

use anyhow::Result;
use stage::{Run, Scenario};

pub use program::paused;

/// A change of what a program did.
#[derive(Clone, Copy, Debug)]
pub struct RightMutant {
    /// Its name.
    pub name: &'static str,
    change: fn(&mut Run, &dyn Scenario) -> Result<()>,
}

/// All of them.
pub const ALL: &[RightMutant] = &[
    RightMutant {
        name: "fields-reversed",
        change: messages::reverse_fields,
    },
    RightMutant {
        name: "defaults-written",
        change: messages::write_defaults,
    },
    RightMutant {
        name: "metadata-differs",
        change: calls::add_metadata,
    },
    RightMutant {
        name: "deadlines-differ",
        change: calls::add_deadlines,
    },
    RightMutant {
        name: "one-deadline",
        change: calls::add_one_deadline,
    },
    RightMutant {
        name: "health-check",
        change: calls::add_health_check,
    },
    RightMutant {
        name: "warm-up-connection",
        change: calls::add_connection,
    },
];

impl RightMutant {
    /// The run as it would have been. `None` where the change leaves it as it was.
    ///
    /// # Errors
    ///
    /// When the contracts' descriptors are broken.
    pub fn applied(&self, run: &Run, scenario: &dyn Scenario) -> Result<Option<Run>> {
        let mut changed = run.clone();
        (self.change)(&mut changed, scenario)?;
        if changed.events == run.events && changed.bytes == run.bytes {
            return Ok(None);
        }
        changed.transcript = changed.transcribed(scenario)?;
        Ok(Some(changed))
    }
}
