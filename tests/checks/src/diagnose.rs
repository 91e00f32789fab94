//! Which mistake a run is said to show.

use stage::Run;
use tap::Difference;

use crate::diagnosis::{Diagnosed, Diagnosis};
use crate::evidence::Evidence;
use crate::general::GENERAL;

/// The first mistake that a run shows: of an exercise's own, then of those that any exercise may show.
pub(crate) fn diagnose(
    diagnoses: &[Diagnosis],
    run: &Run,
    difference: Option<&Difference>,
) -> Option<Diagnosed> {
    let evidence = Evidence::new(run, difference);
    let mut all = diagnoses.iter().chain(GENERAL);
    all.find_map(|diagnosis| diagnosis.of(&evidence))
}
