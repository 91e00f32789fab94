//! A scene as inline SVG.
//!
//! The picture is 360 units wide whatever it shows, about the width of a telephone's column, so that its letters are
//! legible there and need no sideways scroll. No colour is fixed: shapes carry classes, and `theme/wirebook.css`
//! gives them the page's own colours. Arrow heads are paths of their own: a shared marker would need an id.

use std::fmt::Write as _;

use tap::Arrow;

use crate::diagram::{Kind, Row, Scene};
use crate::html::{elide, escape};

const WIDTH: f64 = 360.0;
/// From the edge to the first lifeline.
const MARGIN: f64 = 42.0;
/// How wide a character of the labels is, at most: 0.61 em of 11.5 units.
const LABEL: f64 = 7.0;
/// The same for details of 10 units.
const DETAIL: f64 = 6.1;
const HEAD: f64 = 32.0;
const BEGIN: f64 = 26.0;
const ROW: f64 = 27.0;
/// What a detail adds under its arrow.
const UNDER: f64 = 13.0;
const GAP: f64 = 10.0;

/// The `<svg>` of a scene, with a title and a description in words.
pub(crate) fn draw(scene: &Scene, exercise: &str, id: &str) -> String {
    let tops = tops(scene);
    let height = tops.last().copied().unwrap_or(HEAD) + GAP;
    let mut out = format!(
        "<svg class=\"sequence\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {WIDTH} {height}\">\n\
         <title id=\"{id}-title\">Sequence of {}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n",
        escape(exercise),
        escape(&in_words(scene)),
    );
    for call in &scene.calls {
        let (top, bottom) = (tops[call.first_row], tops[call.last_row + 1]);
        band(scene, call.from, call.to, top, bottom, &mut out);
    }
    for (index, party) in scene.parties.iter().enumerate() {
        lifeline(scene, index, party, height, &mut out);
    }
    for (row, top) in scene.rows.iter().zip(&tops) {
        match row {
            Row::Begin(call) => heading(scene, *call, *top, &mut out),
            Row::Message {
                call,
                arrow,
                kind,
                label,
                detail,
            } => {
                let call = &scene.calls[*call];
                let (from, to) = match arrow {
                    Arrow::Request => (call.from, call.to),
                    Arrow::Response => (call.to, call.from),
                };
                let ends = (x(scene, from), x(scene, to));
                message(ends, *top, *arrow, *kind, label, detail, &mut out);
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Where each row begins, and where the last one ends.
fn tops(scene: &Scene) -> Vec<f64> {
    let mut y = HEAD;
    let mut tops = Vec::with_capacity(scene.rows.len() + 1);
    for row in &scene.rows {
        if matches!(row, Row::Begin(_)) {
            y += GAP / 2.0;
        }
        tops.push(y);
        y += match row {
            Row::Begin(_) => BEGIN,
            Row::Message { kind, detail, .. } if has_detail(*kind, detail) => ROW + UNDER,
            Row::Message { .. } => ROW,
        };
    }
    tops.push(y);
    tops
}

fn has_detail(kind: Kind, detail: &str) -> bool {
    !detail.is_empty() && kind != Kind::Ok
}

fn x(scene: &Scene, party: usize) -> f64 {
    let gaps = scene.parties.len().saturating_sub(1).max(1);
    MARGIN + (WIDTH - 2.0 * MARGIN) * party as f64 / gaps as f64
}

fn band(scene: &Scene, from: usize, to: usize, top: f64, bottom: f64, out: &mut String) {
    let (from, to) = (x(scene, from), x(scene, to));
    let left = from.min(to) - 12.0;
    let width = (from - to).abs() + 24.0;
    let height = bottom - top;
    let _ = writeln!(
        out,
        "<rect class=\"band\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>"
    );
}

fn lifeline(scene: &Scene, index: usize, party: &str, height: f64, out: &mut String) {
    let x = x(scene, index);
    let space = (WIDTH - 2.0 * MARGIN) / scene.parties.len().saturating_sub(1).max(1) as f64;
    let widest = (space - 8.0).min(2.0 * MARGIN - 4.0);
    let name = elide(party, ((widest - 14.0) / LABEL) as usize);
    let width = (name.chars().count() as f64 * LABEL + 16.0).max(56.0);
    let left = x - width / 2.0;
    let _ = writeln!(
        out,
        "<line class=\"life\" x1=\"{x}\" y1=\"24\" x2=\"{x}\" y2=\"{height}\"/>\n\
         <rect class=\"party\" x=\"{left}\" y=\"1\" width=\"{width}\" height=\"23\" rx=\"4\"/>\n\
         <text class=\"name\" x=\"{x}\" y=\"16.5\">{}</text>",
        escape(&name)
    );
}

/// `1  Service/Method` at the top of a call's band, the service left out where the band is too narrow.
fn heading(scene: &Scene, call: usize, top: f64, out: &mut String) {
    let call = &scene.calls[call];
    let (from, to) = (x(scene, call.from), x(scene, call.to));
    let room = ((from - to).abs() / LABEL) as usize;
    let method = call.path.rsplit('/').next().unwrap_or_default();
    let full = call
        .path
        .rsplit_once('.')
        .map_or(call.path.as_str(), |(_, full)| full);
    let name = if full.chars().count() + 3 <= room {
        full
    } else {
        method
    };
    let text = elide(&format!("{}  {name}", call.number), room);
    let _ = writeln!(
        out,
        "<text class=\"call\" x=\"{}\" y=\"{}\">{}</text>",
        from.min(to) + 6.0,
        top + 16.0,
        escape(&text)
    );
}

fn message(
    (from, to): (f64, f64),
    top: f64,
    arrow: Arrow,
    kind: Kind,
    label: &str,
    detail: &str,
    out: &mut String,
) {
    let class = match kind {
        Kind::Metadata => "metadata",
        Kind::Message => "message",
        Kind::HalfClose => "half-close",
        Kind::Ok => "ok",
        Kind::Failed => "failed",
        Kind::Cut => "cut",
    };
    let way = match arrow {
        Arrow::Request => "request",
        Arrow::Response => "response",
    };
    let y = top + ROW - 8.0;
    let centre = (from + to) / 2.0;
    let span = (from - to).abs();
    // A label may be a little wider than its arrow, a detail lies between the lifelines.
    let room = span + 20.0;
    let label = match kind {
        Kind::Metadata => metadata(label, (room / LABEL) as usize),
        _ => elide(label, (room / LABEL) as usize),
    };
    let towards = if to > from { 1.0 } else { -1.0 };
    let (start, end) = (from + 3.0 * towards, to - 2.0 * towards);
    let neck = end - 7.0 * towards;
    let _ = writeln!(
        out,
        "<g class=\"arrow {way} {class}\"><line x1=\"{start}\" y1=\"{y}\" x2=\"{neck}\" y2=\"{y}\"/>"
    );
    let _ = match kind {
        Kind::Cut => writeln!(
            out,
            "<path class=\"cross\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
            neck - 4.0,
            y - 4.0
        ),
        _ => writeln!(
            out,
            "<path class=\"head\" d=\"M{end} {y}l{} -4v8z\"/>",
            -8.0 * towards
        ),
    };
    let _ = writeln!(
        out,
        "<text class=\"label\" x=\"{centre}\" y=\"{}\">{}</text>",
        y - 5.0,
        escape(&label)
    );
    if has_detail(kind, detail) {
        let detail = elide(detail, ((span - 6.0) / DETAIL) as usize);
        let _ = writeln!(
            out,
            "<text class=\"detail\" x=\"{centre}\" y=\"{}\">{}</text>",
            y + 12.0,
            escape(&detail)
        );
    }
    out.push_str("</g>\n");
}

/// The names, or how many they are where they do not fit.
fn metadata(names: &str, room: usize) -> String {
    let count = names.split(", ").count();
    if count > 1 && names.chars().count() > room {
        return format!("metadata ×{count}");
    }
    elide(names, room)
}

/// The picture in words, one sentence an arrow.
fn in_words(scene: &Scene) -> String {
    let mut out = String::new();
    for row in &scene.rows {
        match row {
            Row::Begin(call) => {
                let call = &scene.calls[*call];
                let _ = write!(
                    out,
                    "Call {}, {} to {}: {}. ",
                    call.number, scene.parties[call.from], scene.parties[call.to], call.path
                );
            }
            Row::Message {
                call,
                arrow,
                label,
                kind,
                ..
            } => {
                let call = &scene.calls[*call];
                let party = match arrow {
                    Arrow::Request => call.from,
                    Arrow::Response => call.to,
                };
                let verb = match kind {
                    Kind::Ok | Kind::Failed => "ends the call with",
                    Kind::Cut => "breaks off:",
                    _ => "sends",
                };
                let _ = write!(out, "{} {verb} {label}. ", scene.parties[party]);
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::scene;

    /// The numbers behind `key`, such as ` x="`.
    fn numbers(svg: &str, key: &str) -> Vec<f64> {
        let parts = svg.split(key).skip(1);
        parts
            .map(|part| part.split('"').next().unwrap().parse().unwrap())
            .collect()
    }

    #[test]
    fn nothing_reaches_beyond_the_picture() {
        let long = "a-name-that-is-far-too-long-for-any-box";
        let text = format!(
            "  call 1  {long}-1 > {long}-2  /a.v1.{long}/{long}
    -> {long}: {long}
    -> {long}-b: {long}
    -> Request{long} {{ text: \"{long}\" }}
    call 2  {long}-2 > {long}-3  /m.H/R
      <- UNAVAILABLE: {long}
    call 3  {long}-2 > {long}-4  /m.H/{long}
      -> cancel {long}
"
        );
        let scene = scene(&text.parse().unwrap()).unwrap();
        let svg = draw(&scene, "a.1", "id");
        for (tag, part) in svg.split('<').filter_map(|part| part.split_once('>')) {
            if !tag.starts_with("text") {
                continue;
            }
            let x = numbers(tag, " x=\"")[0];
            let wide = part.chars().count() as f64;
            let (left, right) = if tag.contains("\"call\"") {
                (x, x + wide * LABEL)
            } else if tag.contains("\"detail\"") {
                (x - wide * DETAIL / 2.0, x + wide * DETAIL / 2.0)
            } else {
                (x - wide * LABEL / 2.0, x + wide * LABEL / 2.0)
            };
            assert!(
                left >= 0.0 && right <= WIDTH,
                "{part} from {left} to {right}"
            );
        }
        let height: f64 = svg
            .split_once("0 0 360 ")
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(height, _)| height.parse().unwrap())
            .unwrap();
        assert!(numbers(&svg, " y=\"").iter().all(|y| *y <= height));
        assert!(
            numbers(&svg, " x1=\"")
                .iter()
                .all(|x| (0.0..=WIDTH).contains(x))
        );
    }
}
