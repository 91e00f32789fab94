//! The transcript of a run: which descriptors it is read by, what is redacted, and how bare bytes are shown.

use std::sync::LazyLock;

use anyhow::{Context, Result};
use proto::control::v1::from_program;
use tap::{Event, Line, Renderer, Side, Transcript, canonical, exchange};

use crate::jobs;
use crate::scenario::{Inputs, Scenario};

/// Stands for a value that varies from run to run.
const VARIES: &str = "(varies)";

/// How messages and metadata are printed. The one place where values that vary from run to run are redacted.
static RENDERER: LazyLock<Option<Renderer>> = LazyLock::new(|| {
    // Two sets of descriptors behind each other are one.
    let descriptors = [proto::FILE_DESCRIPTOR_SET, proto::HEALTH_DESCRIPTOR_SET].concat();
    let renderer = Renderer::new(&descriptors).ok()?;
    Some(
        renderer
            .redact(
                "classification.v1.ClassifyResponse.processing_time_ms",
                VARIES,
            )
            .redact("google.rpc.RequestInfo.request_id", VARIES)
            .redact_metadata("x-request-id", VARIES),
    )
});

/// The canonical form of a run.
pub(crate) fn transcript(
    scenario: &dyn Scenario,
    inputs: &Inputs,
    events: &[Event],
    messages: &[from_program::Kind],
    bytes: &[(Side, Vec<u8>)],
) -> Result<Transcript> {
    let renderer = RENDERER
        .as_ref()
        .context("the contracts' descriptors are broken; run `cargo xtask proto`")?;
    let reported: Vec<_> = messages
        .iter()
        .filter_map(|kind| match kind {
            from_program::Kind::Reported(reported) => Some(reported.line.clone()),
            _ => None,
        })
        .collect();
    let mut transcript = canonical(
        events,
        &scenario.rules(),
        &reported,
        scenario.reported(),
        renderer,
    );
    let mut lines = exchanges(renderer, scenario, bytes);
    lines.append(&mut transcript.lines);
    if let Some(limit) = scenario.max_concurrent_jobs(inputs) {
        lines.extend(jobs::lines(messages, limit));
    }
    Ok(Transcript { lines })
}

/// Each message that went either way in a lesson without a network.
fn exchanges(renderer: &Renderer, scenario: &dyn Scenario, bytes: &[(Side, Vec<u8>)]) -> Vec<Line> {
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
    lines
}
