//! How many connections a run opened, and how many calls were open at a time.

use std::collections::BTreeMap;

use crate::event::{Event, EventKind};
use crate::hop::Hop;
use crate::rules::{Count, Rules};
use crate::transcript::{Content, Line};

/// A line or two for each hop, below a heading. Nothing where there are no rules.
pub(super) fn lines(events: &[Event], rules: &[Rules]) -> Vec<Line> {
    let rules: BTreeMap<Hop, &Rules> = rules.iter().map(|rules| (rules.hop, rules)).collect();
    let mut lines = vec![Line {
        depth: 0,
        compared: true,
        content: Content::Heading("connections".to_owned()),
    }];
    for rules in rules.values() {
        let opened = |event: &&Event| event.hop == rules.hop && event.kind == EventKind::Connected;
        let count = events.iter().filter(opened).count();
        lines.push(line(rules, count, rules.connections, ""));
        if rules.open != Count::Shown {
            let most = most_open(events, rules.hop);
            lines.push(line(rules, most, rules.open, " calls open at a time"));
        }
    }
    if lines.len() == 1 { Vec::new() } else { lines }
}

fn line(rules: &Rules, count: usize, rule: Count, what: &str) -> Line {
    let (text, compared) = match rule {
        Count::Exact => (count.to_string(), true),
        Count::AtMost(limit) if count <= limit => (format!("at most {limit}"), true),
        Count::AtMost(limit) => (format!("{count}, more than {limit}"), true),
        Count::Shown => (count.to_string(), false),
    };
    Line {
        depth: 1,
        compared,
        content: Content::Detail(format!("{}: {text}{what}", rules.hop)),
    }
}

/// How many calls of a hop were open at a time, at most.
fn most_open(events: &[Event], hop: Hop) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for event in events.iter().filter(|event| event.hop == hop) {
        match &event.kind {
            EventKind::Request { .. } => open += 1,
            kind if kind.ends_call() => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
