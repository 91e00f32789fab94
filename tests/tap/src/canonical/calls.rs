//! The calls of a run, each with what happened in it and the calls that it caused.

use std::collections::{BTreeMap, HashMap};

use super::block::{Block, direction};
use super::conversation::{Step, steps};
use super::{deadline, messages, pace};
use crate::call_tree::{self, Call};
use crate::event::{Event, EventKind};
use crate::hop::Hop;
use crate::render::Renderer;
use crate::reset_code::ResetCode;
use crate::rules::{Conversation, Order, Rules};
use crate::status_details;
use crate::transcript::{Content, Direction, Line, Section, SectionName, What};

/// All calls on the hops that there are rules for.
pub fn calls(events: &[Event], rules: &[Rules], renderer: &Renderer) -> Section {
    let rules: BTreeMap<Hop, &Rules> = rules.iter().map(|rules| (rules.hop, rules)).collect();
    let calls = call_tree::calls(events);
    let mut children: HashMap<_, Vec<_>> = HashMap::new();
    for (index, call) in calls.iter().enumerate() {
        if let Some(rules) = rules.get(&call.hop).filter(|it| it.counts(call.path)) {
            let parent = call.parent.filter(|_| rules.nested);
            children.entry(parent).or_default().push(index);
        }
    }
    let form = Form {
        rules,
        calls,
        children,
        renderer,
    };
    let mut lines = form.blocks(form.children(None), 0).concat();
    number(&mut lines);
    Section {
        name: SectionName::Calls,
        lines,
    }
}

struct Form<'a> {
    rules: BTreeMap<Hop, &'a Rules>,
    calls: Vec<Call<'a>>,
    /// Places of calls that there are rules for, by the place of the one that they are printed in.
    children: HashMap<Option<usize>, Vec<usize>>,
    renderer: &'a Renderer,
}

impl Form<'_> {
    /// The calls that `parent` caused (the outermost ones for `None`), as places among all calls.
    fn children(&self, parent: Option<usize>) -> &[usize] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// A block of lines for each of these calls. Those whose order does not count are sorted among themselves.
    fn blocks(&self, calls: &[usize], depth: usize) -> Vec<Vec<Line>> {
        let mut blocks = Vec::new();
        let mut places = Vec::new();
        for index in calls {
            if let Some(rules) = self.rules.get(&self.calls[*index].hop) {
                if rules.calls == Order::Set {
                    places.push(blocks.len());
                }
                blocks.push(self.block(*index, rules, depth));
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
        let mut children = self.children(Some(index)).to_vec();
        let mut blocks = match rules.conversation {
            Conversation::Apart => self.blocks(&children, depth + 1),
            Conversation::Interleaved => {
                children.sort_by_key(|child| self.calls[*child].answered_at());
                let blocks = children.iter();
                let blocks = blocks.flat_map(|child| self.blocks(&[*child], depth + 1));
                blocks.collect()
            }
        };
        let answered: Vec<_> = children
            .iter()
            .map(|child| self.calls[*child].answered_at())
            .collect();
        for step in steps(rules.conversation, call, &answered) {
            match step {
                Step::Event(event) => self.event(call, event, rules, &mut block),
                Step::Messages(side, events) => {
                    let rendered =
                        messages::rendered(self.renderer, call.path, side, rules, &events);
                    for message in rendered {
                        block.message(direction(side), message);
                    }
                }
                Step::Child(place) => block.nest(std::mem::take(&mut blocks[place])),
            }
        }
        if !call.ended() {
            block.arrow(Direction::Response, What::Pending, true);
        }
        if let Some(rule) = rules.ahead {
            block.note(pace::ahead(call, rule, rules));
        }
        if let Some(at_most) = rules.caused_ahead {
            let caused = self.calls.iter().filter(|caused| {
                let rules = self.rules.get(&caused.hop);
                caused.parent == Some(index) && rules.is_some_and(|it| it.counts(caused.path))
            });
            let began: Vec<_> = caused.map(|caused| caused.seq).collect();
            block.note(pace::caused_ahead(call, &began, at_most, rules));
        }
        block.into_lines()
    }

    fn event(&self, call: &Call<'_>, event: &Event, rules: &Rules, block: &mut Block) {
        let direction = direction(event.kind.by());
        match &event.kind {
            EventKind::HalfClose => block.arrow(direction, What::HalfClose, true),
            EventKind::Response { metadata } => {
                block.metadata(direction, metadata, rules, self.renderer);
            }
            EventKind::Status {
                code,
                message,
                metadata,
                details,
            } => {
                block.metadata(direction, metadata, rules, self.renderer);
                block.arrow(direction, What::Status(*code), true);
                if !message.is_empty() {
                    // How to word an error is up to the program.
                    block.detail(format!("message: {message:?}"), false);
                }
                let lines = status_details::lines(self.renderer, *code, message, details);
                for (line, counts) in lines {
                    block.detail(line, counts && rules.details);
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
            EventKind::Connected
            | EventKind::Disconnected
            | EventKind::Request { .. }
            | EventKind::Message { .. } => {}
        }
        if rules.unsaid
            && event.kind.ends_call()
            && let Some(text) = pace::unsaid(call, event.kind.by(), rules)
        {
            block.detail(text, true);
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
