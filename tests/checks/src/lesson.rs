//! What a checker knows about its lesson. Texts, minutes and points are in the exercises' folders, and it needs none of
//! them.

use std::fmt;

use stage::{Peer, Scenario};

use crate::diagnosis::Diagnosis;

/// A lesson, as its checker has it.
#[derive(Debug)]
pub struct Lesson {
    /// Its name, `unary`.
    pub name: &'static str,
    /// Its folder in `solutions/`, `02-unary`.
    pub folder: &'static str,
    /// Its exercises, in order.
    pub exercises: &'static [Exercise],
}

/// How one exercise is checked.
pub struct Exercise {
    /// `unary.4`.
    pub id: &'static str,
    /// Its folder in the lesson's, `4-blocking`.
    pub folder: &'static str,
    /// What it is run on.
    pub scenario: &'static dyn Scenario,
    /// Its known mistakes. The first that shows is named.
    pub diagnoses: &'static [Diagnosis],
}

impl Lesson {
    /// The exercise of this id.
    pub fn find(&self, id: &str) -> Option<&'static Exercise> {
        self.exercises.iter().find(|exercise| exercise.id == id)
    }
}

impl Exercise {
    /// Whether the reference server takes part in a check of it.
    pub fn needs_reference(&self) -> bool {
        self.scenario.peer() != Peer::Bytes
    }
}

impl fmt::Debug for Exercise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
