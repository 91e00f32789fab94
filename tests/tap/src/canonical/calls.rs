//! The calls of a run, each with what happened in it and the calls that it caused.

use std::collections::BTreeMap;

use super::block::{Block, direction};
use super::deadline;
use crate::call_tree::{Call, calls};
use crate::event::{Event, EventKind, Side};
use crate::hop::Hop;
use crate::render::{Rendered, Renderer};
use crate::reset_code::ResetCode;
use crate::rules::{Order, Rules};
use crate::transcript::{Content, Direction, Line, Payload, RawBytes, What};

/// The lines of all calls on the hops that there are rules for.
pub(super) fn lines(events: &[Event], rules: &[Rules], renderer: &Renderer) -> Vec<Line> {
    let form = Form {
        rules: rules.iter().map(|rules| (rules.hop, rules)).collect(),
        calls: calls(events),
        renderer,
    };
    let mut lines = form.blocks(None, 0).concat();
    number(&mut lines);
    lines
}

struct Form<'a> {
    rules: BTreeMap<Hop, &'a Rules>,
    calls: Vec<Call<'a>>,
    renderer: &'a Renderer,
}

impl Form<'_> {
    /// The calls that `parent` caused (the outermost ones for `None`), a block of lines each.
    fn blocks(&self, parent: Option<usize>, depth: usize) -> Vec<Vec<Line>> {
        let mut blocks = Vec::new();
        // The places of the blocks whose order does not count.
        let mut places = Vec::new();
        for (index, call) in self.calls.iter().enumerate() {
            if let Some(rules) = self.rules.get(&call.hop)
                && call.parent.filter(|_| rules.nested) == parent
            {
                if rules.calls == Order::Set {
                    places.push(blocks.len());
                }
                blocks.push(self.block(index, rules, depth));
            }
        }
        sort(&mut blocks, &places);
        blocks
    }

    fn block(&self, index: usize, rules: &Rules, depth: usize) -> Vec<Line> {
        let call = &self.calls[index];
        let mut block = Block::new(depth, call.path, rules);
        block.metadata(Direction::Request, call.metadata, rules, self.renderer);
        let parent = call.parent.map(|parent| &self.calls[parent]);
        if let Some((timeout, compared)) = deadline::timeout(rules.deadline, call, parent) {
            block.arrow(Direction::Request, What::Timeout(timeout), compared);
        }
        let of = |side| move |event: &&&Event| event.kind.by() == side;
        for event in call.events.iter().filter(of(Side::Client)) {
            self.event(call, event, rules, &mut block);
        }
        for child in self.blocks(Some(index), depth + 1) {
            block.nest(child);
        }
        for event in call.events.iter().filter(of(Side::Server)) {
            self.event(call, event, rules, &mut block);
        }
        if !call.ended() {
            block.arrow(Direction::Response, What::Pending, true);
        }
        block.into_lines()
    }

    fn event(&self, call: &Call<'_>, event: &Event, rules: &Rules, block: &mut Block) {
        let direction = direction(event.kind.by());
        match &event.kind {
            EventKind::Message {
                from,
                bytes,
                compressed,
            } => block.message(direction, self.message(call, *from, *compressed, bytes)),
            EventKind::HalfClose => block.arrow(direction, What::HalfClose, true),
            EventKind::Response { metadata } => {
                block.metadata(direction, metadata, rules, self.renderer);
            }
            EventKind::Status {
                code,
                message,
                metadata,
                ..
            } => {
                block.metadata(direction, metadata, rules, self.renderer);
                block.arrow(direction, What::Status(*code), true);
                if !message.is_empty() {
                    // How to word an error is up to the program.
                    block.detail(format!("message: {message:?}"), false);
                }
            }
            EventKind::Cancelled { code, .. } => {
                let what = match *code {
                    ResetCode::CANCEL => What::Cancel,
                    code => What::Reset(code),
                };
                block.arrow(direction, what, true);
            }
            EventKind::Broken { .. } => block.arrow(direction, What::Lost, true),
            EventKind::Malformed { reason, .. } => {
                block.arrow(direction, What::Malformed(reason.clone()), true);
            }
            EventKind::Connected | EventKind::Disconnected | EventKind::Request { .. } => {}
        }
    }

    fn message(&self, call: &Call<'_>, from: Side, compressed: bool, bytes: &[u8]) -> Rendered {
        let length = bytes.len();
        let types = self.renderer.method_types(call.path);
        let message_type = types.map(|(input, output)| match from {
            Side::Client => input,
            Side::Server => output,
        });
        match message_type {
            Some(_) if compressed => {
                Rendered::from(Payload::Bytes(RawBytes::Compressed { length }))
            }
            Some(message_type) => self.renderer.message(message_type, bytes),
            None => Rendered::from(Payload::Bytes(RawBytes::Untyped { length })),
        }
    }
}

/// Sorts the blocks in these places, by their lines that are compared: what is only shown travels with its block. It
/// decides nothing but the order of blocks that are the same to a comparison, so that a run is printed in one way.
fn sort(blocks: &mut [Vec<Line>], places: &[usize]) {
    let mut sorted: Vec<_> = places
        .iter()
        .map(|place| std::mem::take(&mut blocks[*place]))
        .collect();
    sorted.sort_by_cached_key(|block| {
        let texts = |compared: bool| {
            let lines = block.iter().filter(move |line| line.compared == compared);
            lines.map(ToString::to_string).collect::<Vec<_>>()
        };
        (texts(true), texts(false))
    });
    for (place, block) in places.iter().zip(sorted) {
        blocks[*place] = block;
    }
}

/// Numbers the calls from 1, top to bottom.
fn number(lines: &mut [Line]) {
    let mut count = 0;
    for line in lines {
        if let Content::Call { number, .. } = &mut line.content {
            count += 1;
            *number = count;
        }
    }
}
