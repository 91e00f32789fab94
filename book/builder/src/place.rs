//! Where the rows of a scene lie in its picture: how many lines each has, how high it is, and where it begins.

use crate::arrow::Kind;
use crate::diagram::{Call, Row, Scene};
use crate::wrap::wrap;

/// How large a picture is. Its letters are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As wide as a telephone's column.
    Page,
    /// So narrow that four stand beside each other on a desk. For two parties.
    Small,
}

impl Size {
    /// Of the picture.
    fn width(self) -> f64 {
        match self {
            Self::Page => 348.0,
            Self::Small => 176.0,
        }
    }

    /// From the edge to the first lifeline.
    fn margin(self) -> f64 {
        match self {
            Self::Page => 32.0,
            Self::Small => 28.0,
        }
    }

    /// A message that needs more lines says nothing in the picture: the text beside it says it all. Three parties or
    /// more leave each line about half the room.
    fn most_detail_lines(self, parties: usize) -> usize {
        match self {
            Self::Page if parties > 2 => 4,
            Self::Page => 3,
            Self::Small => 2,
        }
    }
}

/// The widest character of a label: 0.61 em of 12 units. Those of a call's heading are a little less wide.
pub(crate) const LABEL_CHARACTER_WIDTH: f64 = 7.3;
/// The widest character of a detail: 0.61 em of 11 units.
pub(crate) const DETAIL_CHARACTER_WIDTH: f64 = 6.7;
pub(crate) const LABEL_HEIGHT: f64 = 13.5;
pub(crate) const DETAIL_HEIGHT: f64 = 12.5;
/// Above the first line of an arrow's label, and below its last line of detail.
const ARROW_PADDING: f64 = 6.0;
const CALL_SPACING: f64 = 10.0;
/// Of the dots above and below what is left out.
pub(crate) const DOTS_HEIGHT: f64 = 20.0;

/// The places of all that a picture shows.
pub(crate) struct Places {
    /// Of the picture.
    pub(crate) width: f64,
    /// Of each party: where its lifeline stands.
    pub(crate) columns: Vec<f64>,
    /// Of each party: its name in lines.
    pub(crate) names: Vec<Vec<String>>,
    /// Of the boxes with the parties' names.
    pub(crate) head: f64,
    /// Of each row.
    pub(crate) rows: Vec<Place>,
    /// Of the picture.
    pub(crate) height: f64,
}

impl Places {
    /// Halfway between the lifelines of a call.
    pub(crate) fn centre(&self, call: &Call) -> f64 {
        (self.columns[call.from] + self.columns[call.to]) / 2.0
    }
}

/// The place of a row.
pub(crate) struct Place {
    /// Where it begins.
    pub(crate) top: f64,
    /// Where it ends.
    pub(crate) bottom: f64,
    /// What it is called, in lines.
    pub(crate) labels: Vec<String>,
    /// What more is said of it, in lines.
    pub(crate) details: Vec<String>,
    /// What is said of how it came, in lines.
    pub(crate) told: Vec<String>,
}

impl Place {
    /// Where the arrow of the row lies.
    pub(crate) fn arrow(&self) -> f64 {
        self.top + ARROW_PADDING + LABEL_HEIGHT * self.labels.len() as f64
    }
}

/// Lays a scene out.
pub(crate) fn places(scene: &Scene, size: Size) -> Places {
    let (width, margin) = (size.width(), size.margin());
    let gaps = scene.parties.len().saturating_sub(1).max(1);
    let space = (width - 2.0 * margin) / gaps as f64;
    let frame = Frame {
        scene,
        size,
        columns: (0..scene.parties.len())
            .map(|party| margin + space * party as f64)
            .collect(),
    };
    let widest = (space - 8.0).min(2.0 * margin) - 10.0;
    let names: Vec<_> = scene
        .parties
        .iter()
        .map(|party| wrap(party, characters(widest, LABEL_CHARACTER_WIDTH)))
        .collect();
    let most = names.iter().map(Vec::len).max().unwrap_or(1);
    let head = 10.0 + LABEL_HEIGHT * most as f64;
    let mut top = head + 9.0;
    let mut rows = Vec::with_capacity(scene.rows.len());
    for row in &scene.rows {
        if matches!(row, Row::Begin(_) | Row::Resume(_)) {
            top += CALL_SPACING / 2.0;
        }
        let place = frame.row(row, top);
        top = place.bottom;
        rows.push(place);
    }
    Places {
        width,
        columns: frame.columns,
        names,
        head,
        rows,
        height: top + CALL_SPACING,
    }
}

/// What the rows are laid out in.
struct Frame<'a> {
    scene: &'a Scene,
    size: Size,
    columns: Vec<f64>,
}

impl Frame<'_> {
    fn row(&self, row: &Row, top: f64) -> Place {
        let (scene, size) = (self.scene, self.size);
        let mut told_lines = Vec::new();
        let (labels, details) = match row {
            Row::Begin(call) => (self.heading(&scene.calls[*call]), Vec::new()),
            Row::Resume(call) => (
                vec![format!("call {}", scene.calls[*call].number)],
                Vec::new(),
            ),
            Row::Note { call, text } => {
                let width = call.map_or(size.width() - 20.0, |call| self.span(&scene.calls[call]));
                (
                    Vec::new(),
                    wrap(text, characters(width - 6.0, DETAIL_CHARACTER_WIDTH)),
                )
            }
            Row::More { call, text, .. } => {
                let width = self.span(&scene.calls[*call]) - 6.0;
                (
                    Vec::new(),
                    wrap(text, characters(width, LABEL_CHARACTER_WIDTH)),
                )
            }
            Row::Arrow {
                call,
                kind,
                labels,
                detail,
                told,
                ..
            } => {
                // A label may be a little wider than its arrow, a detail lies between the lifelines.
                let span = self.span(&scene.calls[*call]);
                let labels = labels.iter();
                let labels = labels
                    .flat_map(|label| wrap(label, characters(span + 14.0, LABEL_CHARACTER_WIDTH)));
                let mut details = Vec::new();
                if !detail.is_empty() {
                    details = wrap(detail, characters(span - 6.0, DETAIL_CHARACTER_WIDTH));
                }
                let most = size.most_detail_lines(scene.parties.len());
                if *kind == Kind::Message && details.len() > most {
                    details.clear();
                }
                let told = told.iter();
                told_lines = told
                    .flat_map(|text| wrap(text, characters(span - 6.0, DETAIL_CHARACTER_WIDTH)))
                    .collect();
                (labels.collect(), details)
            }
        };
        let below = DETAIL_HEIGHT * (details.len() + told_lines.len()) as f64;
        let height = match row {
            Row::Begin(_) | Row::Resume(_) => LABEL_HEIGHT * (1 + labels.len()) as f64,
            Row::Note { .. } => below + 10.0,
            Row::More { .. } => LABEL_HEIGHT * details.len() as f64 + 2.0 * DOTS_HEIGHT,
            Row::Arrow { .. } => LABEL_HEIGHT * labels.len() as f64 + below + 14.0,
        };
        Place {
            top,
            bottom: top + height,
            labels,
            details,
            told: told_lines,
        }
    }

    /// `1  Service/Method`, and below it the call's deadline.
    fn heading(&self, call: &Call) -> Vec<String> {
        // A small picture has room for the method, and others for its service too.
        let before = match self.size {
            Size::Page => '.',
            Size::Small => '/',
        };
        let name = call
            .path
            .rsplit_once(before)
            .map_or(call.path.as_str(), |(_, name)| name);
        let number = call.number.to_string();
        let room = characters(self.span(call) + 12.0, LABEL_CHARACTER_WIDTH);
        let indent = number.len() + 2;
        let mut lines = wrap(name, room.saturating_sub(indent));
        if let Some(deadline) = &call.deadline {
            lines.extend(wrap(
                &format!("deadline {deadline}"),
                room.saturating_sub(indent),
            ));
        }
        for (place, line) in lines.iter_mut().enumerate() {
            let before = if place == 0 { number.as_str() } else { "" };
            *line = format!("{before:<indent$}{line}");
        }
        lines
    }

    /// Between the lifelines of a call.
    fn span(&self, call: &Call) -> f64 {
        (self.columns[call.from] - self.columns[call.to]).abs()
    }
}

fn characters(width: f64, character_width: f64) -> usize {
    (width / character_width) as usize
}

/// Which way a call goes: 1 to the right, -1 to the left.
pub(crate) fn towards(from: f64, to: f64) -> f64 {
    if to > from { 1.0 } else { -1.0 }
}
