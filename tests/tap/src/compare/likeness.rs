//! Which calls of two transcripts belong together, and which messages without a network.
//!
//! Calls of one method are told apart by their values: an id, a text, a token. A value counts the more, the fewer calls
//! have it: `max_results: 1` in all of them says nothing, and one document's text says all. That holds for any contract,
//! and where a mistake has changed one of the values, the others still tell.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::tree::Node;

/// The likeness of two calls that have all in common that tells calls apart.
pub(super) const ALL: u32 = 600;

/// A value tells calls apart if one call has it, or at most this part of those that were expected.
const TELLING_PART: usize = 4;

/// A pair of calls, by their places among their neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partner {
    /// The place of the call of the run.
    pub(super) actual: usize,
    /// How much the two have in common, at most [`ALL`].
    pub(super) likeness: u32,
}

/// The calls of one level of a transcript, all of them, and those among them that have no place yet.
#[derive(Clone, Copy)]
pub(super) struct Calls<'n, 'a> {
    /// All nodes of the level. How many calls have a value is counted among these.
    pub(super) level: &'n [Node<'a>],
    /// The nodes that are to be paired, a part of the level.
    pub(super) left: &'n [Node<'a>],
}

/// Each call's partner, by the place among those that are left of the one that was expected. Calls that are the same are
/// partners first, then those that have something in common which tells calls apart, and of these those that are most alike;
/// among equally alike ones, those whose places are nearest.
pub(super) fn partners(expected: Calls<'_, '_>, actual: Calls<'_, '_>) -> Vec<Option<Partner>> {
    let mut partners = vec![None; expected.left.len()];
    let mut taken = vec![false; actual.left.len()];
    let actual_by_kind = by_kind(actual.left);
    for (kind, expected_calls) in &by_kind(expected.left) {
        let Some(actual_calls) = actual_by_kind.get(kind) else {
            continue;
        };
        let mut same: HashMap<_, Vec<usize>> = HashMap::new();
        for place in actual_calls.iter().rev() {
            let compared = actual.left[*place].compared;
            same.entry(compared).or_default().push(*place);
        }
        for place in expected_calls {
            let partner = same.get_mut(&expected.left[*place].compared);
            if let Some(actual) = partner.and_then(Vec::pop) {
                let likeness = ALL;
                partners[*place] = Some(Partner { actual, likeness });
                taken[actual] = true;
            }
        }
        let counts = Counts::new(*kind, expected.level, actual.level);
        let mut alike = Vec::new();
        for one in expected_calls
            .iter()
            .filter(|place| partners[**place].is_none())
        {
            let weighed = counts.weighed(&expected.left[*one]);
            for other in actual_calls.iter().filter(|place| !taken[**place]) {
                if let Some((tells, likeness)) = weighed.likeness(&actual.left[*other]) {
                    let rank = Reverse((tells, likeness));
                    alike.push((rank, one.abs_diff(*other), *one, *other));
                }
            }
        }
        alike.sort_unstable();
        for (Reverse((_, likeness)), _, one, actual) in alike {
            if partners[one].is_none() && !taken[actual] {
                partners[one] = Some(Partner { actual, likeness });
                taken[actual] = true;
            }
        }
    }
    partners
}

/// The places of the calls and messages, by their kinds.
fn by_kind(nodes: &[Node<'_>]) -> HashMap<u64, Vec<usize>> {
    let mut by_kind: HashMap<_, Vec<_>> = HashMap::new();
    let has_partner = |(_, node): &(usize, &Node<'_>)| node.is_call || node.is_exchange;
    for (place, node) in nodes.iter().enumerate().filter(has_partner) {
        by_kind.entry(node.kind).or_default().push(place);
    }
    by_kind
}

/// How many calls of one kind have a value.
struct Counts {
    /// How many were expected.
    calls: usize,
    expected: HashMap<u64, usize>,
    actual: HashMap<u64, usize>,
}

impl Counts {
    fn new(kind: u64, expected: &[Node<'_>], actual: &[Node<'_>]) -> Self {
        let of_kind = |node: &&Node<'_>| node.kind == kind;
        let count = |nodes: &[Node<'_>]| {
            let mut counts = HashMap::new();
            for value in nodes.iter().filter(of_kind).flat_map(|node| &node.values) {
                *counts.entry(*value).or_insert(0) += 1;
            }
            counts
        };
        Self {
            calls: expected.iter().filter(of_kind).count(),
            expected: count(expected),
            actual: count(actual),
        }
    }

    /// What each value of a call that was expected says about which call it is.
    fn weighed(&self, call: &Node<'_>) -> Weighed {
        let count = |of: &HashMap<u64, usize>, value| of.get(value).copied().unwrap_or(1);
        let mut all = 0.0;
        let values = call.values.iter().map(|value| {
            let often = count(&self.expected, value);
            let weight = 1.0 / often as f64;
            all += weight * weight;
            Weight {
                value: *value,
                weight: weight / count(&self.actual, value) as f64,
                tells: often <= (self.calls / TELLING_PART).max(1),
            }
        });
        let values: Vec<_> = values.collect();
        Weighed {
            any: self.calls == 1 || !values.iter().any(|weight| weight.tells),
            values,
            all,
        }
    }
}

/// A call that was expected.
struct Weighed {
    /// Sorted by their values.
    values: Vec<Weight>,
    /// What a call of the run that has all of the values, and each as rarely, has in common with it.
    all: f64,
    /// Whether nothing tells it apart from others of its kind, or it is the only one.
    any: bool,
}

struct Weight {
    value: u64,
    weight: f64,
    tells: bool,
}

impl Weighed {
    /// How much a call of the run has in common with it, and whether that tells calls apart. `None` where it is another
    /// call: nothing that tells calls apart is the same. A call that nothing tells apart may be any.
    fn likeness(&self, actual: &Node<'_>) -> Option<(bool, u32)> {
        let (mut common, mut tells) = (0.0, false);
        let mut others = actual.values.iter().peekable();
        for Weight {
            value,
            weight,
            tells: telling,
        } in &self.values
        {
            while others.next_if(|other| *other < value).is_some() {}
            if others.next_if_eq(&value).is_some() {
                common += weight;
                tells |= telling;
            }
        }
        let part: f64 = if self.all > 0.0 {
            common / self.all
        } else {
            0.0
        };
        let likeness = (part.min(1.0) * f64::from(ALL)) as u32;
        (tells || self.any).then_some((tells, likeness))
    }
}
