//! A scene as inline SVG.
//!
//! The picture is 360 units wide whatever it shows, about the width of a telephone's column, so that its letters are
//! legible there and need no sideways scroll. No colour is fixed: shapes carry classes, and `theme/wirebook.css`
//! gives them the page's own colours. Arrow heads are paths of their own: a shared marker would need an id.

use std::fmt::Write as _;

use tap::Direction;

use crate::diagram::{Kind, Row, Scene};
use crate::html::{elide, escape};

const PICTURE_WIDTH: f64 = 360.0;
/// From the edge to the first lifeline.
const SIDE_MARGIN: f64 = 42.0;
/// The widest character of a label: 0.61 em of 11.5 units.
const LABEL_CHARACTER_WIDTH: f64 = 7.0;
/// The widest character of a detail: 0.61 em of 10 units.
const DETAIL_CHARACTER_WIDTH: f64 = 6.1;
const HEAD_HEIGHT: f64 = 32.0;
const CALL_ROW_HEIGHT: f64 = 26.0;
const ARROW_ROW_HEIGHT: f64 = 27.0;
/// What a detail adds to the height of its arrow's row.
const DETAIL_HEIGHT: f64 = 13.0;
const CALL_SPACING: f64 = 10.0;

/// The `<svg>` of a scene, with a title and a description in words.
pub(crate) fn draw(scene: &Scene, exercise: &str, id: &str) -> String {
    let tops = tops(scene);
    let height = tops.last().copied().unwrap_or(HEAD_HEIGHT) + CALL_SPACING;
    let mut out = format!(
        "<svg class=\"sequence\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {PICTURE_WIDTH} {height}\">\n\
         <title id=\"{id}-title\">Sequence of {}</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n",
        escape(exercise),
        escape(&description(scene)),
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
            Row::Arrow {
                call,
                direction,
                kind,
                label,
                detail,
            } => {
                let call = &scene.calls[*call];
                let (from, to) = match direction {
                    Direction::Request => (call.from, call.to),
                    Direction::Response => (call.to, call.from),
                };
                let arrow = Arrow {
                    from: x(scene, from),
                    to: x(scene, to),
                    top: *top,
                    direction: *direction,
                    kind: *kind,
                    label,
                    detail,
                };
                arrow.draw(&mut out);
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Where each row begins, and where the last one ends.
fn tops(scene: &Scene) -> Vec<f64> {
    let mut y = HEAD_HEIGHT;
    let mut tops = Vec::with_capacity(scene.rows.len() + 1);
    for row in &scene.rows {
        if matches!(row, Row::Begin(_)) {
            y += CALL_SPACING / 2.0;
        }
        tops.push(y);
        y += match row {
            Row::Begin(_) => CALL_ROW_HEIGHT,
            Row::Arrow { detail, .. } if !detail.is_empty() => ARROW_ROW_HEIGHT + DETAIL_HEIGHT,
            Row::Arrow { .. } => ARROW_ROW_HEIGHT,
        };
    }
    tops.push(y);
    tops
}

fn x(scene: &Scene, party: usize) -> f64 {
    let gaps = scene.parties.len().saturating_sub(1).max(1);
    SIDE_MARGIN + (PICTURE_WIDTH - 2.0 * SIDE_MARGIN) * party as f64 / gaps as f64
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
    let space =
        (PICTURE_WIDTH - 2.0 * SIDE_MARGIN) / scene.parties.len().saturating_sub(1).max(1) as f64;
    let widest = (space - 8.0).min(2.0 * SIDE_MARGIN - 4.0);
    let name = elide(party, ((widest - 14.0) / LABEL_CHARACTER_WIDTH) as usize);
    let width = (name.chars().count() as f64 * LABEL_CHARACTER_WIDTH + 16.0).max(56.0);
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
    let room = ((from - to).abs() / LABEL_CHARACTER_WIDTH) as usize;
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

/// An arrow from one lifeline to another.
struct Arrow<'a> {
    /// The lifelines' columns.
    from: f64,
    to: f64,
    /// Where its row begins.
    top: f64,
    direction: Direction,
    kind: Kind,
    label: &'a str,
    detail: &'a str,
}

/// How an arrow ends.
enum Tip {
    /// It arrives.
    Head,
    /// It ends the call without an answer.
    Cross,
    /// It never came.
    None,
}

impl Arrow<'_> {
    fn draw(&self, out: &mut String) {
        let way = match self.direction {
            Direction::Request => "request",
            Direction::Response => "response",
        };
        let y = self.top + ARROW_ROW_HEIGHT - 8.0;
        let centre = (self.from + self.to) / 2.0;
        let span = (self.from - self.to).abs();
        let towards = if self.to > self.from { 1.0 } else { -1.0 };
        let (start, end) = (self.from + 3.0 * towards, self.to - 2.0 * towards);
        let neck = end - 7.0 * towards;
        let _ = writeln!(
            out,
            "<g class=\"arrow {way} {}\"><line x1=\"{start}\" y1=\"{y}\" x2=\"{neck}\" y2=\"{y}\"/>",
            self.kind.class()
        );
        let _ = match tip(self.kind) {
            Tip::Head => writeln!(
                out,
                "<path class=\"head\" d=\"M{end} {y}l{} -4v8z\"/>",
                -8.0 * towards
            ),
            Tip::Cross => writeln!(
                out,
                "<path class=\"cross\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
                neck - 4.0,
                y - 4.0
            ),
            Tip::None => Ok(()),
        };
        // A label may be a little wider than its arrow, a detail lies between the lifelines.
        let room = ((span + 20.0) / LABEL_CHARACTER_WIDTH) as usize;
        let label = match self.kind {
            Kind::Metadata { pairs } => metadata(self.label, pairs, room),
            _ => elide(self.label, room),
        };
        let _ = writeln!(
            out,
            "<text class=\"label\" x=\"{centre}\" y=\"{}\">{}</text>",
            y - 5.0,
            escape(&label)
        );
        if !self.detail.is_empty() {
            let detail = elide(
                self.detail,
                ((span - 6.0) / DETAIL_CHARACTER_WIDTH) as usize,
            );
            let _ = writeln!(
                out,
                "<text class=\"detail\" x=\"{centre}\" y=\"{}\">{}</text>",
                y + 12.0,
                escape(&detail)
            );
        }
        out.push_str("</g>\n");
    }
}

fn tip(kind: Kind) -> Tip {
    match kind {
        Kind::Metadata { .. }
        | Kind::Message
        | Kind::Bytes
        | Kind::Undecodable
        | Kind::HalfClose
        | Kind::Ok
        | Kind::Failed
        | Kind::Malformed => Tip::Head,
        Kind::Cancel | Kind::Cut => Tip::Cross,
        Kind::Pending => Tip::None,
    }
}

/// The names, or how many they are where they do not fit.
fn metadata(names: &str, pairs: usize, room: usize) -> String {
    if pairs > 1 && names.chars().count() > room {
        return format!("metadata \u{d7}{pairs}");
    }
    elide(names, room)
}

/// The picture in words, one sentence an arrow.
fn description(scene: &Scene) -> String {
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
            Row::Arrow {
                call,
                direction,
                kind,
                label,
                detail,
            } => {
                let call = &scene.calls[*call];
                let party = match direction {
                    Direction::Request => call.from,
                    Direction::Response => call.to,
                };
                let does = match kind {
                    Kind::Metadata { .. } | Kind::Message | Kind::Bytes | Kind::HalfClose => {
                        format!("sends {label}")
                    }
                    Kind::Undecodable => format!("sends {label}, {detail}"),
                    Kind::Malformed => format!("sends what is not gRPC: {detail}"),
                    Kind::Ok | Kind::Failed => format!("ends the call with {label}"),
                    Kind::Cancel | Kind::Cut => format!("breaks off: {label}"),
                    Kind::Pending => format!("has sent {label}"),
                };
                let _ = write!(out, "{} {does}. ", scene.parties[party]);
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
    fn everything_lies_within_the_picture() {
        let long = "a-name-that-is-far-too-long-for-any-box";
        let name = long.replace('-', "_");
        let text = format!(
            "wirebook-transcript 2
  call 1  {long}-1 > {long}-2  /a.v1.{long}/{long}
    -> {long}: {long}
    -> {long}-b: {long}
    -> Request_{name} {{ text: \"{long}\" }}
    -> 12 bytes, not a Request_{name}
    <- malformed: {long}
    call 2  {long}-2 > {long}-3  /m.H/R
      <- DEADLINE_EXCEEDED
    call 3  {long}-2 > {long}-4  /m.H/{long}
      <- reset, HTTP/2 error 4294967295
"
        );
        let scene = scene(&text.parse().unwrap()).unwrap();
        let svg = draw(&scene, "a.1", "id");
        for (tag, part) in svg.split('<').filter_map(|part| part.split_once('>')) {
            if !tag.starts_with("text") {
                continue;
            }
            let x = numbers(tag, " x=\"")[0];
            let characters = part.chars().count() as f64;
            let (left, right) = if tag.contains("\"call\"") {
                (x, x + characters * LABEL_CHARACTER_WIDTH)
            } else if tag.contains("\"detail\"") {
                (
                    x - characters * DETAIL_CHARACTER_WIDTH / 2.0,
                    x + characters * DETAIL_CHARACTER_WIDTH / 2.0,
                )
            } else {
                (
                    x - characters * LABEL_CHARACTER_WIDTH / 2.0,
                    x + characters * LABEL_CHARACTER_WIDTH / 2.0,
                )
            };
            assert!(
                left >= 0.0 && right <= PICTURE_WIDTH,
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
                .all(|x| (0.0..=PICTURE_WIDTH).contains(x))
        );
    }

    fn drawn(arrow: &str) -> String {
        let text = format!("wirebook-transcript 2\n  call 1  a > b  /c.D/E\n    {arrow}\n");
        draw(&scene(&text.parse().unwrap()).unwrap(), "a.1", "id")
    }

    #[test]
    fn pending_call_is_not_drawn_as_broken_off() {
        let svg = drawn("<- nothing yet");
        assert!(svg.contains("class=\"arrow response pending\""));
        assert!(!svg.contains("class=\"cross\"") && !svg.contains("class=\"head\""));
        assert!(svg.contains("b has sent nothing yet."));
    }

    #[test]
    fn kinds_have_class_tip_and_description() {
        for (arrow, class, tip, description) in [
            (
                "-> cancel",
                "request cancel",
                "cross",
                "a breaks off: cancel.",
            ),
            (
                "<- connection lost",
                "response cut",
                "cross",
                "b breaks off: connection lost.",
            ),
            (
                "<- malformed: no status",
                "response malformed",
                "head",
                "b sends what is not gRPC: no status.",
            ),
            (
                "-> 4 bytes, not a B",
                "request undecodable",
                "head",
                "a sends 4 bytes, not decodable as B.",
            ),
            ("-> 4 bytes", "request bytes", "head", "a sends 4 bytes."),
            ("<- OK", "response ok", "head", "b ends the call with OK."),
        ] {
            let svg = drawn(arrow);
            assert!(svg.contains(&format!("class=\"arrow {class}\"")), "{svg}");
            assert!(svg.contains(&format!("class=\"{tip}\"")), "{svg}");
            assert!(svg.contains(description), "{svg}");
        }
    }
}
