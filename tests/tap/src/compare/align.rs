//! Which lines of one level stand beside each other.

use super::likeness::{ALL, Calls, Partner, partners};
use super::tree::Node;

/// How many lines of each side are aligned, from the first that differs. The time for that grows with the product of the
/// two. What comes after, of a run that went on and on, is paired by its place.
const MAX_ALIGNED: usize = 1_000;

/// What a pair is worth to the alignment: as many lines as possible that are the same, then as many pairs as possible,
/// then pairs that are alike. What is only shown counts least.
const SAME: u32 = 10_000;
const ONE_KIND: u32 = 1_000;
const SHOWN_SAME: u32 = 20;
const SHOWN: u32 = 10;

/// The places of two lines that stand beside each other, or of one that stands alone. Never both `None`.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// Pairs the lines of one level, in the order in which they are shown. Pairs do not cross, but for
///
/// - calls that are not the same. So calls in another order than was expected differ somewhere.
/// - messages without a network. Where the transcript has them, between those of the other side, depends on how many came
///   before: one too many moves all that follow.
pub(super) fn align(expected: &[Node<'_>], actual: &[Node<'_>]) -> Vec<Pair> {
    let same =
        |(one, other): &(&Node<'_>, &Node<'_>)| one.compared.is_some() && is_same(one, other);
    let begin = expected.iter().zip(actual).take_while(same).count();
    let (expected_left, actual_left) = (&expected[begin..], &actual[begin..]);
    let backwards = expected_left.iter().rev().zip(actual_left.iter().rev());
    let end = backwards.take_while(same).count();
    let middle = |nodes: &[Node<'_>]| nodes.len() - begin - end;
    let (expected_middle, actual_middle) = (middle(expected), middle(actual));

    let mut pairs: Vec<Pair> = (0..begin).map(|at| (Some(at), Some(at))).collect();
    let left = |level: &[Node<'_>]| begin..begin + middle(level).min(MAX_ALIGNED);
    let calls = partners(
        Calls {
            level: expected,
            left: &expected[left(expected)],
        },
        Calls {
            level: actual,
            left: &actual[left(actual)],
        },
    );
    let aligned = aligned(&expected[left(expected)], &actual[left(actual)], &calls);
    let from_begin = |place: Option<usize>| place.map(|place| place + begin);
    let aligned = aligned.into_iter();
    pairs.extend(aligned.map(|(one, other)| (from_begin(one), from_begin(other))));
    for at in begin + MAX_ALIGNED..begin + expected_middle.max(actual_middle) {
        let one = (at < begin + expected_middle).then_some(at);
        let other = (at < begin + actual_middle).then_some(at);
        match (one, other) {
            (Some(_), Some(_)) if expected[at].kind == actual[at].kind => pairs.push((one, other)),
            _ => pairs.extend([(one, None), (None, other)].into_iter().filter(is_pair)),
        }
    }
    let ends = (0..end).map(|at| {
        let (one, other) = (begin + expected_middle + at, begin + actual_middle + at);
        (Some(one), Some(other))
    });
    pairs.extend(ends);
    pairs
}

fn is_pair(pair: &Pair) -> bool {
    *pair != (None, None)
}

fn is_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    one.kind == other.kind && one.compared == other.compared
}

/// Aligns all of these.
fn aligned(expected: &[Node<'_>], actual: &[Node<'_>], partners: &[Option<Partner>]) -> Vec<Pair> {
    let beside = best(expected, actual, partners);
    let mut taken: Vec<bool> = vec![false; actual.len()];
    for other in beside.iter().flatten() {
        taken[*other] = true;
    }
    let crossing = |one: usize| {
        let partner = partners[one]?.actual;
        let may_cross = expected[one].is_exchange || !is_same(&expected[one], &actual[partner]);
        (may_cross && !taken[partner]).then_some(partner)
    };
    let crossing: Vec<_> = (0..expected.len()).map(crossing).collect();
    for other in crossing.iter().flatten() {
        taken[*other] = true;
    }
    let mut pairs = Vec::new();
    let mut shown = 0;
    for (one, beside) in beside.iter().enumerate() {
        if let Some(other) = *beside {
            let before = (shown..other).filter(|place| !taken[*place]);
            pairs.extend(before.map(|place| (None, Some(place))));
            shown = other + 1;
        }
        pairs.push((Some(one), beside.or(crossing[one])));
    }
    let after = (shown..actual.len()).filter(|place| !taken[*place]);
    pairs.extend(after.map(|place| (None, Some(place))));
    pairs
}

/// The alignment without crossings that is worth most: what stands beside each expected line.
fn best(
    expected: &[Node<'_>],
    actual: &[Node<'_>],
    partners: &[Option<Partner>],
) -> Vec<Option<usize>> {
    // What the rest of both sides is worth from each place on, in rows of `width`.
    let width = actual.len() + 1;
    let mut worth = vec![0_u32; (expected.len() + 1) * width];
    let mut has_partner = vec![false; actual.len()];
    for partner in partners.iter().flatten() {
        has_partner[partner.actual] = true;
    }
    let pair = |one: usize, other: usize| match partners[one] {
        Some(partner) if partner.actual == other => {
            Some(value(&expected[one], &actual[other], partner.likeness))
        }
        Some(_) => None,
        None if has_partner[other] || expected[one].is_call => None,
        None if expected[one].kind != actual[other].kind => None,
        None => {
            let (one, other) = (&expected[one], &actual[other]);
            Some(value(one, other, likeness(one, other)))
        }
    };
    for one in (0..expected.len()).rev() {
        for other in (0..actual.len()).rev() {
            let at = one * width + other;
            let alone = worth[at + width].max(worth[at + 1]);
            let together = pair(one, other).map_or(0, |value| value + worth[at + width + 1]);
            worth[at] = alone.max(together);
        }
    }
    let mut beside = vec![None; expected.len()];
    let (mut one, mut other) = (0, 0);
    while one < expected.len() && other < actual.len() {
        let at = one * width + other;
        if pair(one, other).is_some_and(|value| worth[at] == value + worth[at + width + 1]) {
            beside[one] = Some(other);
            (one, other) = (one + 1, other + 1);
        } else if worth[at] == worth[at + width] {
            one += 1;
        } else {
            other += 1;
        }
    }
    beside
}

/// What two lines of one kind are worth beside each other.
fn value(one: &Node<'_>, other: &Node<'_>, likeness: u32) -> u32 {
    match (one.compared, other.compared) {
        (None, None) if one.line.content == other.line.content => SHOWN_SAME,
        (None, None) => SHOWN,
        _ if is_same(one, other) => SAME,
        _ => ONE_KIND + likeness,
    }
}

/// How much two lines of one kind have in common, at most [`ALL`]: by their values, and by how they begin where they have
/// but one.
fn likeness(one: &Node<'_>, other: &Node<'_>) -> u32 {
    let most = one.values.len().max(other.values.len());
    let common = match most {
        0 => return 0,
        1 => return beginning(one, other),
        _ => one
            .values
            .iter()
            .filter(|value| other.values.binary_search(value).is_ok())
            .count(),
    };
    (common * ALL as usize / most) as u32
}

fn beginning(one: &Node<'_>, other: &Node<'_>) -> u32 {
    use crate::transcript::Content::Detail;
    let (Detail(one), Detail(other)) = (&one.line.content, &other.line.content) else {
        return 0;
    };
    let pairs = one.bytes().zip(other.bytes());
    let common = pairs.take_while(|(one, other)| one == other).count();
    (common * ALL as usize / one.len().max(other.len()).max(1)) as u32
}
