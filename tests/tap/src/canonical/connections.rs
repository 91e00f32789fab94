//! How many connections a run opened, and how many calls were open at a time.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{Event, EventKind};
use crate::hop::Hop;
use crate::rules::{Count, Rules};
use crate::transcript::{Section, SectionName};

/// A line or two for each hop that there are rules for.
pub fn connections(events: &[Event], rules: &[Rules]) -> Section {
    let rules: BTreeMap<Hop, &Rules> = rules.iter().map(|rules| (rules.hop, rules)).collect();
    let mut texts = Vec::new();
    for rules in rules.values() {
        let opened = |event: &&Event| event.hop == rules.hop && event.kind == EventKind::Connected;
        let count = events.iter().filter(opened).count();
        texts.push(text(rules, count, rules.connections, ""));
        if rules.open != Count::Shown {
            let most = most_open(events, rules);
            texts.push(text(rules, most, rules.open, " calls open at a time"));
        }
        let uncounted = uncounted(events, rules);
        if !uncounted.is_empty() {
            let (count, hop) = (uncounted.len(), rules.hop);
            let calls = if count == 1 { "call does" } else { "calls do" };
            texts.push((format!("{hop}: {count} {calls} not count"), false));
        }
    }
    Section::of_texts(SectionName::Connections, texts)
}

/// What is printed of a number, and whether it is compared.
fn text(rules: &Rules, count: usize, rule: Count, what: &str) -> (String, bool) {
    let (text, compared) = match rule {
        Count::Exact => (count.to_string(), true),
        Count::AtMost(limit) if count <= limit => (format!("at most {limit}"), true),
        Count::AtMost(limit) => (format!("{count}, more than {limit}"), true),
        Count::Shown => (count.to_string(), false),
    };
    (format!("{}: {text}{what}", rules.hop), compared)
}

/// The numbers of the calls of a hop that do not count.
fn uncounted(events: &[Event], rules: &Rules) -> BTreeSet<u32> {
    let of_hop = events.iter().filter(|event| event.hop == rules.hop);
    let uncounted = of_hop.filter(|event| match &event.kind {
        EventKind::Request { path, .. } => !rules.counts(path),
        _ => false,
    });
    uncounted.map(|event| event.call).collect()
}

/// How many calls of a hop were open at a time, at most.
fn most_open(events: &[Event], rules: &Rules) -> usize {
    let uncounted = uncounted(events, rules);
    let (mut open, mut most) = (0_usize, 0);
    let counted = |event: &&Event| event.hop == rules.hop && !uncounted.contains(&event.call);
    for event in events.iter().filter(counted) {
        match &event.kind {
            EventKind::Request { .. } => open += 1,
            kind if kind.ends_call() => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}
