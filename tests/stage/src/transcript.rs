//! The transcript of a run: which descriptors it is read by, what is redacted, and which sections it has.

mod bytes;
mod reported;
mod store;
mod work;

use std::sync::LazyLock;

use anyhow::{Context, Result};
use proto::control::v1::from_program;
use tap::{Event, Renderer, Side, Transcript, canonical};

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
    let rules = scenario.rules_for(inputs);
    let sections = [
        bytes::section(renderer, scenario, bytes),
        canonical::calls(events, &rules, renderer),
        canonical::connections(events, &rules),
        store::section(messages),
        reported::section(messages, scenario.reported()),
        work::section(messages, scenario.max_concurrent_jobs(inputs)),
    ];
    Ok(sections.into_iter().collect())
}
