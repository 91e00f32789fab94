//! The transcript of a run: which descriptors it is read by, what is redacted, and how bare bytes are shown.

use std::sync::LazyLock;

use anyhow::{Context, Result};
use proto::control::v1::from_program;
use tap::{Content, Event, Line, Renderer, Side, Transcript, canonical, dissect};

use crate::jobs;
use crate::scenario::{Inputs, Scenario, View};

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
    let mut lines = taken_apart(renderer, scenario, bytes);
    lines.append(&mut transcript.lines);
    if let Some(limit) = scenario.max_concurrent_jobs(inputs) {
        lines.extend(jobs::lines(messages, limit).map(|(depth, text)| line(depth, text)));
    }
    Ok(Transcript { lines })
}

/// Each message that went either way in a lesson without a network.
fn taken_apart(
    renderer: &Renderer,
    scenario: &dyn Scenario,
    bytes: &[(Side, Vec<u8>)],
) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut sent, mut given) = (0, 0);
    for (from, bytes) in bytes {
        let (way, index) = match from {
            Side::Client => ("program > peer", &mut sent),
            Side::Server => ("peer > program", &mut given),
        };
        let (view, name) = match scenario.view(*from, *index) {
            view @ (View::Bytes(name) | View::Fields(name)) => (view, name),
        };
        *index += 1;
        let Some(message_type) = renderer.message_type(name) else {
            lines.push(line(0, format!("{way}  {} bytes", bytes.len())));
            continue;
        };
        if let View::Fields(_) = view {
            let fields = renderer.message(message_type, bytes);
            let way = std::iter::once(way).chain(std::iter::repeat(""));
            lines.extend(fields.into_iter().zip(way).map(|(field, way)| match way {
                "" => line(1, field),
                way => line(0, format!("{way}  {field}")),
            }));
            continue;
        }
        let unit = if bytes.len() == 1 { "byte" } else { "bytes" };
        lines.push(line(
            0,
            format!("{way}  {}, {} {unit}", message_type.name(), bytes.len()),
        ));
        let pieces = dissect(message_type, bytes);
        let width = pieces
            .iter()
            .map(|piece| piece.hex.len())
            .max()
            .unwrap_or(0);
        for piece in pieces {
            lines.push(line(
                1 + piece.depth,
                format!("{:width$}  {}", piece.hex, piece.meaning),
            ));
        }
    }
    lines
}

fn line(depth: usize, text: String) -> Line {
    Line {
        depth,
        compared: true,
        content: Content::Text(text),
    }
}
