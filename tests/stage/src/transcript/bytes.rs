//! The messages that went either way in a lesson without a network.

use tap::{Renderer, Section, SectionName, Side, exchange};

use crate::scenario::Scenario;

/// Each message, in the order of the run, as the scenario wants it shown.
pub(super) fn section(
    renderer: &Renderer,
    scenario: &dyn Scenario,
    bytes: &[(Side, Vec<u8>)],
) -> Section {
    let mut lines = Vec::new();
    let (mut sent, mut given) = (0, 0);
    for (side, bytes) in bytes {
        let (from, to, index) = match side {
            Side::Client => ("program", "peer", &mut sent),
            Side::Server => ("peer", "program", &mut given),
        };
        let view = scenario.view(*side, *index);
        *index += 1;
        lines.extend(exchange(renderer, from, to, view, bytes));
    }
    Section {
        name: SectionName::Bytes,
        lines,
    }
}
