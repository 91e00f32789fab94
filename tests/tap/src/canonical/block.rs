//! The lines of one call as they are written.

use crate::event::{Metadata, Side};
use crate::render::{Rendered, Renderer};
use crate::rules::Rules;
use crate::transcript::{Content, Direction, Line, What};

/// A call's line and those below it.
pub(super) struct Block {
    lines: Vec<Line>,
    /// That of the arrows.
    depth: usize,
}

impl Block {
    /// A call at this depth. Its number is given once all blocks stand in their order.
    pub(super) fn new(depth: usize, path: &str, rules: &Rules) -> Self {
        let content = Content::Call {
            number: 0,
            from: rules.hop.from.to_owned(),
            to: rules.hop.to.to_owned(),
            path: path.to_owned(),
        };
        Self {
            lines: vec![Line {
                depth,
                compared: true,
                content,
            }],
            depth: depth + 1,
        }
    }

    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    pub(super) fn arrow(&mut self, direction: Direction, what: What, compared: bool) {
        let content = Content::Arrow { direction, what };
        self.lines.push(Line {
            depth: self.depth,
            compared,
            content,
        });
    }

    /// More about the arrow above.
    pub(super) fn detail(&mut self, text: String, compared: bool) {
        let content = Content::Detail(text);
        self.lines.push(Line {
            depth: self.depth + 1,
            compared,
            content,
        });
    }

    /// Something about the call as a whole.
    pub(super) fn note(&mut self, text: String) {
        self.lines.push(Line {
            depth: self.depth,
            compared: true,
            content: Content::Detail(text),
        });
    }

    /// A call that this one caused.
    pub(super) fn nest(&mut self, mut lines: Vec<Line>) {
        self.lines.append(&mut lines);
    }

    pub(super) fn message(&mut self, direction: Direction, rendered: Rendered) {
        self.arrow(direction, What::from(rendered.payload), true);
        for line in rendered.details {
            self.detail(line, true);
        }
        for line in rendered.shown {
            self.detail(line, false);
        }
    }

    /// Pairs in the order of their keys and values.
    pub(super) fn metadata(
        &mut self,
        direction: Direction,
        metadata: &Metadata,
        rules: &Rules,
        renderer: &Renderer,
    ) {
        let mut metadata: Vec<_> = metadata.iter().collect();
        metadata.sort();
        for (key, value) in metadata {
            let compared = rules.metadata.contains(&key.as_str());
            let value = if compared {
                value
            } else {
                renderer.shown_metadata(key, value)
            };
            let (key, value) = (key.clone(), value.to_owned());
            self.arrow(direction, What::Metadata { key, value }, compared);
        }
    }
}

/// Which way something went that this side did.
pub(super) fn direction(by: Side) -> Direction {
    match by {
        Side::Client => Direction::Request,
        Side::Server => Direction::Response,
    }
}
