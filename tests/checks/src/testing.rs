//! For the tests of exercises: runs made by hand, and their diagnoses.

use proto::control::v1::{Reported, from_program};
use stage::{End, Inputs, Printed, Run};
use tap::{Side, Transcript};

use crate::diagnosis::Diagnosis;
use crate::evidence::Evidence;

/// A run without a network in which these messages crossed the wire and these lines were reported.
pub fn run(bytes: Vec<(Side, Vec<u8>)>, lines: &[String]) -> Run {
    let reported = |line: &String| from_program::Kind::Reported(Reported { line: line.clone() });
    Run {
        inputs: Inputs::default(),
        events: Vec::new(),
        messages: lines.iter().map(reported).collect(),
        bytes,
        end: End::Finished(String::new()),
        output: Printed::default(),
        transcript: Transcript::default(),
    }
}

/// The name of the first of these diagnoses that the run shows.
pub fn named(diagnoses: &[Diagnosis], run: &Run) -> Option<&'static str> {
    let evidence = Evidence::new(run, None);
    let mut shown = diagnoses.iter().filter_map(|it| it.of(&evidence));
    shown.next().map(|diagnosed| diagnosed.name)
}
