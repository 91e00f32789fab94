//! A scene as inline SVG.
//!
//! The picture has the width of a telephone's column whatever it shows, so that its letters are legible there and need no
//! sideways scroll. No colour is fixed: shapes carry classes, and `theme/wirebook.css`
//! gives them the page's own colours. Arrow heads are paths of their own: a shared marker would need an id.

mod arrow;
mod text;

use std::fmt::Write as _;

use crate::diagram::{Call, Row, Scene};
use crate::html::escape;
use crate::place::{
    DETAIL_HEIGHT, DOTS_HEIGHT, LABEL_CHARACTER_WIDTH, LABEL_HEIGHT, Place, Places, Size, places,
    towards,
};
use crate::words::description;
use arrow::arrow;
use text::lines;

/// A character of a call's heading: of 11.5 units.
const HEADING_CHARACTER_WIDTH: f64 = 7.0;

/// The `<svg>` of a scene, with a title. `text` is the id of the same in words on the page; where there is none, the
/// picture has a description of its own.
pub(crate) fn draw(scene: &Scene, exercise: &str, id: &str, text: Option<&str>) -> String {
    picture(scene, exercise, id, text, Size::Page)
}

/// The small `<svg>` of a scene of two parties, with a title and a description.
pub(crate) fn draw_small(scene: &Scene, exercise: &str, id: &str) -> String {
    picture(scene, exercise, id, None, Size::Small)
}

fn picture(scene: &Scene, exercise: &str, id: &str, text: Option<&str>, size: Size) -> String {
    let places = places(scene, size);
    let (width, height) = (places.width, places.height);
    let class = match size {
        Size::Page => "sequence",
        Size::Small => "sequence small",
    };
    let (also, described) = match text {
        Some(text) => (format!("{id}-title\" aria-details=\"{text}"), String::new()),
        None => (
            format!("{id}-title {id}-desc"),
            format!(
                "<desc id=\"{id}-desc\">{}</desc>\n",
                escape(&description(scene))
            ),
        ),
    };
    let mut out = format!(
        "<svg class=\"{class}\" role=\"img\" aria-labelledby=\"{also}\" viewBox=\"0 0 {width} {height}\">\n\
         <title id=\"{id}-title\">Sequence of {}</title>\n{described}",
        escape(exercise),
    );
    let overlapping = scene.rows.iter().any(|row| matches!(row, Row::Resume(_)));
    for (index, call) in scene.calls.iter().enumerate() {
        // Bands that lie over each other are told apart by their edges, and are together no darker than a few.
        let (inset, over) = match overlapping {
            true => (
                (index % 6) as f64 * 2.0,
                format!(
                    " over\" fill-opacity=\"{:.2}",
                    (3.0 / scene.calls.len() as f64).min(1.0)
                ),
            ),
            false => (0.0, String::new()),
        };
        band(call, &places, inset, &over, &mut out);
    }
    for index in 0..scene.parties.len() {
        lifeline(index, &places, &mut out);
    }
    for call in &scene.calls {
        deadline(scene, call, &places, &mut out);
    }
    for (row, place) in scene.rows.iter().zip(&places.rows) {
        match row {
            Row::Begin(call) | Row::Resume(call) => {
                heading(&places, &scene.calls[*call], place, &mut out);
            }
            Row::Note { call, .. } => {
                let centre = call.map_or(width / 2.0, |call| places.centre(&scene.calls[call]));
                lines(
                    "note",
                    &place.details,
                    centre,
                    place.top + 13.0,
                    DETAIL_HEIGHT,
                    &mut out,
                );
            }
            Row::More { call, .. } => more(places.centre(&scene.calls[*call]), place, &mut out),
            Row::Arrow {
                call,
                direction,
                kind,
                ..
            } => arrow(
                &places,
                &scene.calls[*call],
                *direction,
                *kind,
                place,
                &mut out,
            ),
        }
    }
    out.push_str("</svg>\n");
    out
}

fn band(call: &Call, places: &Places, inset: f64, over: &str, out: &mut String) {
    let (from, to) = (places.columns[call.from], places.columns[call.to]);
    let (top, bottom) = (
        places.rows[call.first_row].top,
        places.rows[call.last_row].bottom,
    );
    let left = from.min(to) - 12.0 + inset;
    let width = (from - to).abs() + 24.0 - 2.0 * inset;
    let height = bottom - top;
    let _ = writeln!(
        out,
        "<rect class=\"band{over}\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>"
    );
}

fn lifeline(index: usize, places: &Places, out: &mut String) {
    let x = places.columns[index];
    let name = &places.names[index];
    let widest = name
        .iter()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    let width = (widest as f64 * LABEL_CHARACTER_WIDTH + 12.0).max(56.0);
    let (left, head) = (x - width / 2.0, places.head);
    let _ = writeln!(
        out,
        "<line class=\"life\" x1=\"{x}\" y1=\"{head}\" x2=\"{x}\" y2=\"{}\"/>\n\
         <rect class=\"party\" x=\"{left}\" y=\"1\" width=\"{width}\" height=\"{}\" rx=\"4\"/>",
        places.height,
        head - 1.0,
    );
    lines("name", name, x, 16.5, LABEL_HEIGHT, out);
}

/// A bracket beside the caller's lifeline, from where it sends its deadline to where the call is over.
fn deadline(scene: &Scene, call: &Call, places: &Places, out: &mut String) {
    let Some(row) = call.deadline_row else { return };
    let (from, to) = (places.columns[call.from], places.columns[call.to]);
    let foot = 4.0 * towards(from, to);
    // What is noted of a call may stand below its end.
    let rows = call.first_row..=call.last_row;
    let end = rows
        .rev()
        .find(|row| !matches!(scene.rows[*row], Row::Note { .. }));
    let end = end.unwrap_or(call.last_row);
    let line = from - 1.75 * foot;
    let (top, bottom) = (places.rows[row].arrow(), places.rows[end].bottom - 4.0);
    let _ = writeln!(
        out,
        "<path class=\"deadline\" d=\"M{} {top}H{line}V{bottom}h{foot}\"/>",
        line + foot
    );
}

fn heading(places: &Places, call: &Call, place: &Place, out: &mut String) {
    let left = places.columns[call.from].min(places.columns[call.to]) + 6.0;
    for (index, line) in place.labels.iter().enumerate() {
        // A line that only continues begins under the name, and not under the number.
        let text = line.trim_start();
        let indent = (line.chars().count() - text.chars().count()) as f64 * HEADING_CHARACTER_WIDTH;
        let class = if text.starts_with("deadline ") {
            "call due"
        } else {
            "call"
        };
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            left + indent,
            place.top + 16.0 + LABEL_HEIGHT * index as f64,
            escape(text)
        );
    }
}

/// What is left out, between dots that stand for it.
fn more(centre: f64, place: &Place, out: &mut String) {
    let below = place.bottom - DOTS_HEIGHT;
    for top in [place.top, below] {
        // Round line caps make dots of these.
        let _ = writeln!(
            out,
            "<path class=\"dots\" d=\"M{centre} {}v0m0 5v0m0 5v0\"/>",
            top + 6.0
        );
    }
    lines(
        "more",
        &place.details,
        centre,
        place.top + DOTS_HEIGHT + 10.0,
        LABEL_HEIGHT,
        out,
    );
}

#[cfg(test)]
mod tests;
