//! A transcript as a scene: who takes part, which arrows in which order, which of them belong to one call.
//!
//! No size and no markup here: `svg` draws the scene. Of the lines that are neither call nor arrow it has what `told` takes;
//! the others are left to the text beside the picture, and so are metadata that is only shown, what a message holds
//! beyond its first words, and what `fold` leaves out of a long stream. The scene claims no order that the transcript does
//! not claim: `sides` and `together` say where two things may have happened in either.

use tap::{Content, Direction, Line, Timeout, Transcript, What};

use crate::arrow::{Kind, kind, label_and_detail};
use crate::fold::{Piece, pieces};
use crate::sides;
use crate::together::{self, Together};
use crate::told::is_told;

/// What a sequence diagram shows.
pub(crate) struct Scene {
    /// In the order in which they call: whoever calls stands before whom it calls.
    pub(crate) parties: Vec<String>,
    /// In the order of the transcript.
    pub(crate) calls: Vec<Call>,
    /// Top to bottom.
    pub(crate) rows: Vec<Row>,
}

/// One call: a band behind its rows.
pub(crate) struct Call {
    /// As in the transcript.
    pub(crate) number: u32,
    /// The caller, as an index into the parties.
    pub(crate) from: usize,
    /// Who is called.
    pub(crate) to: usize,
    /// `/package.Service/Method`.
    pub(crate) path: String,
    /// How deep it is nested, from 0.
    pub(crate) depth: usize,
    /// The call that caused it, where it stands in one.
    pub(crate) cause: Option<usize>,
    /// The row where it begins.
    pub(crate) first_row: usize,
    /// The last row that belongs to it or to a call within it.
    pub(crate) last_row: usize,
    /// Its deadline, where the transcript has it as a duration.
    pub(crate) deadline: Option<String>,
    /// The row that sends a deadline.
    pub(crate) deadline_row: Option<usize>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A call begins.
    Begin(usize),
    /// A call that was left while others began goes on.
    Resume(usize),
    /// What the reader should know of the rows below.
    Note {
        /// The call that it is about, or all.
        call: Option<usize>,
        /// In words.
        text: String,
    },
    /// Some rows like those above are left out.
    More {
        /// The call that they belong to.
        call: usize,
        /// Which way they go, where all go one way.
        direction: Option<Direction>,
        /// How many of what.
        text: String,
    },
    /// Something goes from one party to another.
    Arrow {
        /// Which call it belongs to.
        call: usize,
        /// From the caller or to it.
        direction: Direction,
        /// What it is.
        kind: Kind,
        /// Its name. Metadata has one for each pair, the value with it.
        labels: Vec<String>,
        /// Its first words, or nothing.
        detail: String,
        /// What the transcript says below it of how it came.
        told: Vec<String>,
    },
}

/// The scene of a transcript, or nothing for one without a call. `together` says which calls were open at a time; the
/// transcript itself may be a part that no longer says it.
pub(crate) fn scene(transcript: &Transcript, together: &[Together]) -> Option<Scene> {
    let mut scene = Scene {
        parties: parties(transcript),
        calls: Vec::new(),
        rows: Vec::new(),
    };
    // The calls that the current line may belong to, the innermost last.
    let mut open: Vec<usize> = Vec::new();
    for piece in pieces(transcript) {
        let (Piece::Line(Line { depth, .. }) | Piece::More { depth, .. }) = &piece;
        open.retain(|&call| scene.calls[call].depth < *depth);
        match piece {
            Piece::Line(line) => scene.line(line, &mut open),
            Piece::More {
                direction, text, ..
            } => {
                let Some(&call) = open.last() else { continue };
                scene.rows.push(Row::More {
                    call,
                    direction,
                    text,
                });
            }
        }
        for &call in &open {
            scene.calls[call].last_row = scene.rows.len() - 1;
        }
    }
    if scene.calls.is_empty() {
        return None;
    }
    sides::mark(&mut scene);
    together::mark_calls(&mut scene, together);
    Some(scene)
}

/// Who takes part. Whoever calls stands before whom it calls; where calls go in a circle, and among those that do not
/// call each other, who appears first stands first.
fn parties(transcript: &Transcript) -> Vec<String> {
    let hops: Vec<(&String, &String)> = transcript
        .lines
        .iter()
        .filter_map(|line| match &line.content {
            Content::Call { from, to, .. } => Some((from, to)),
            _ => None,
        })
        .collect();
    let mut left: Vec<&String> = Vec::new();
    for (from, to) in &hops {
        for party in [from, to] {
            if !left.contains(party) {
                left.push(party);
            }
        }
    }
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_called = |party: &&String| {
            let mut calls = hops.iter();
            calls.any(|(from, to)| to == party && from != party && left.contains(from))
        };
        let first = left.iter().position(|party| !is_called(party)).unwrap_or(0);
        ordered.push(left.remove(first).clone());
    }
    ordered
}

impl Scene {
    fn party(&self, name: &str) -> usize {
        let known = self.parties.iter().position(|party| party == name);
        known.unwrap_or_default()
    }

    /// Takes the next line. `open` are the calls that it may belong to.
    fn line(&mut self, line: &Line, open: &mut Vec<usize>) {
        match (&line.content, open.last()) {
            (
                Content::Call {
                    number,
                    from,
                    to,
                    path,
                },
                cause,
            ) => {
                let cause = cause.copied();
                open.push(self.calls.len());
                self.begin(*number, [from, to], path, cause, line.depth);
            }
            // Metadata that is not compared is no part of what a call is about.
            (Content::Arrow { direction, what }, Some(&call))
                if line.compared || !matches!(what, What::Metadata { .. }) =>
            {
                self.arrow(call, *direction, what);
            }
            (Content::Detail(text), Some(&call)) => self.detail(call, line.depth, text),
            _ => {}
        }
    }

    fn begin(
        &mut self,
        number: u32,
        parties: [&str; 2],
        path: &str,
        cause: Option<usize>,
        depth: usize,
    ) {
        let [from, to] = parties.map(|party| self.party(party));
        self.rows.push(Row::Begin(self.calls.len()));
        self.calls.push(Call {
            number,
            from,
            to,
            path: path.to_owned(),
            depth,
            cause,
            first_row: self.rows.len() - 1,
            last_row: self.rows.len() - 1,
            deadline: None,
            deadline_row: None,
        });
    }

    fn arrow(&mut self, call: usize, direction: Direction, what: &What) {
        let (label, detail) = label_and_detail(what);
        match self.rows.last_mut() {
            Some(Row::Arrow {
                call: last_call,
                direction: last_direction,
                kind: Kind::Metadata,
                labels,
                ..
            }) if kind(what) == Kind::Metadata
                && (*last_call, *last_direction) == (call, direction) =>
            {
                labels.push(label);
            }
            _ => self.rows.push(Row::Arrow {
                call,
                direction,
                kind: kind(what),
                labels: vec![label],
                detail,
                told: Vec::new(),
            }),
        }
        if let What::Timeout(timeout) = what {
            let call = &mut self.calls[call];
            call.deadline_row = Some(self.rows.len() - 1);
            call.deadline = matches!(timeout, Timeout::Exact(_)).then(|| timeout.to_string());
        }
    }

    /// More about a call, or about its last arrow.
    fn detail(&mut self, call: usize, depth: usize, text: &str) {
        let Call {
            from,
            to,
            depth: outer,
            ..
        } = self.calls[call];
        if depth == outer + 1 {
            self.rows.push(Row::Note {
                call: Some(call),
                text: text.to_owned(),
            });
            return;
        }
        let parties = [&self.parties[from], &self.parties[to]];
        if let Some(Row::Arrow { kind, told, .. }) = self.rows.last_mut()
            && is_told(*kind, text, parties)
        {
            told.push(text.to_owned());
        }
    }

    /// Puts a row before the row at `place`.
    pub(crate) fn insert(&mut self, place: usize, row: Row) {
        self.rows.insert(place, row);
        for call in &mut self.calls {
            let rows = [&mut call.first_row, &mut call.last_row];
            for row in rows.into_iter().chain(&mut call.deadline_row) {
                *row += usize::from(*row >= place);
            }
        }
    }
}

#[cfg(test)]
mod tests;
