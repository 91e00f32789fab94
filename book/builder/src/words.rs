//! A scene in words, one sentence a row: what a picture says to those who do not see it.

use std::fmt::Write as _;

use tap::Direction;

use crate::arrow::Kind;
use crate::diagram::{Row, Scene};

/// The picture in words.
pub(crate) fn description(scene: &Scene) -> String {
    let mut out = String::new();
    for row in &scene.rows {
        let _ = match row {
            Row::Begin(call) => {
                let call = &scene.calls[*call];
                let (from, to) = (&scene.parties[call.from], &scene.parties[call.to]);
                write!(out, "Call {}, {from} to {to}: {}. ", call.number, call.path)
            }
            Row::Resume(call) => write!(out, "Call {}: ", scene.calls[*call].number),
            Row::Note { text, .. } => match text.ends_with([':', '.']) {
                true => write!(out, "{text} "),
                false => write!(out, "{text}. "),
            },
            Row::More { text, .. } => write!(out, "And {text}. "),
            Row::Arrow {
                call,
                direction,
                kind,
                labels,
                detail,
                told,
            } => {
                let call = &scene.calls[*call];
                let party = match direction {
                    Direction::Request => call.from,
                    Direction::Response => call.to,
                };
                let label = labels.join(", ");
                let does = match kind {
                    Kind::Metadata | Kind::Message | Kind::Bytes | Kind::HalfClose => {
                        format!("sends {label}")
                    }
                    Kind::Undecodable => format!("sends {label}, {detail}"),
                    Kind::Malformed => format!("sends what is not gRPC: {detail}"),
                    Kind::Ok | Kind::Failed => format!("ends the call with {label}"),
                    Kind::Cancel | Kind::Cut if detail.is_empty() => format!("breaks off: {label}"),
                    Kind::Cancel | Kind::Cut => format!("breaks off: {label}, {detail}"),
                    Kind::Pending => format!("has sent {label}"),
                };
                let told: String = told.iter().map(|text| format!(", {text}")).collect();
                write!(out, "{} {does}{told}. ", scene.parties[party])
            }
        };
    }
    out.truncate(out.trim_end().len());
    out
}
