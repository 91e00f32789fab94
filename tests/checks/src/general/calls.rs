//! What is wrong with the calls of a run: too few, too many, or other than they were expected.

use std::collections::BTreeSet;

use stage::hop::CLIENT_EDGE;

use super::blocks::{CallBlock, MessageBlock, calls};
use super::fields::values;
use super::sides::Sides;
use crate::evidence::Evidence;

/// The calls of both sides.
pub(super) struct Pairs<'a> {
    /// Expected and actual, of those that belong together, in the order in which they were expected.
    pub(super) pairs: Vec<(CallBlock<'a>, CallBlock<'a>)>,
    pub(super) missing: Vec<CallBlock<'a>>,
    pub(super) extra: Vec<CallBlock<'a>>,
}

impl<'a> Pairs<'a> {
    /// Pairs calls of one method between the same two: first those about the same document, then the others in order.
    pub(super) fn of(evidence: &Evidence<'a>) -> Option<Self> {
        let sides = Sides::of(evidence)?;
        let mut extra = calls(&sides.actual);
        let expected = calls(&sides.expected);
        let mut partners: Vec<Option<CallBlock<'a>>> = vec![None; expected.len()];
        for by_subject in [true, false] {
            for (call, partner) in expected.iter().zip(&mut partners) {
                let same = |other: &CallBlock<'_>| {
                    (&call.hop, call.path) == (&other.hop, other.path)
                        && (!by_subject || call.subject() == other.subject())
                };
                if partner.is_none()
                    && let Some(index) = extra.iter().position(same)
                {
                    *partner = Some(extra.remove(index));
                }
            }
        }
        let mut all = Self {
            pairs: Vec::new(),
            missing: Vec::new(),
            extra,
        };
        for (call, partner) in expected.into_iter().zip(partners) {
            match partner {
                Some(partner) => all.pairs.push((call, partner)),
                None => all.missing.push(call),
            }
        }
        Some(all)
    }
}

/// A call that was expected was not made.
pub(super) fn missing(evidence: &Evidence<'_>) -> Option<String> {
    // A program that stands still or has stopped does not make the calls that come later.
    if evidence.did_not_finish() || evidence.stopped() {
        return None;
    }
    let pairs = Pairs::of(evidence)?;
    let call = pairs.missing.first()?;
    let same = |(_, made): &&(CallBlock<'_>, CallBlock<'_>)| {
        (made.path, &made.hop) == (call.path, &call.hop)
    };
    let made: Vec<_> = pairs.pairs.iter().filter(same).collect();
    // With another document in its place, nobody can tell which call it is that is missing.
    let certain = made
        .iter()
        .all(|(expected, made)| expected.subject() == made.subject());
    let about = match call.subject().filter(|_| certain) {
        Some(subject) => format!(": the one about {subject} is missing"),
        None => String::new(),
    };
    Some(format!(
        "{} was called {} on {}, and {} was expected{about}.",
        call.method(),
        times(made.len()),
        call.hop,
        times(made.len() + more_of(&pairs.missing, call)),
    ))
}

/// A call was made that was not expected.
pub(super) fn extra(evidence: &Evidence<'_>) -> Option<String> {
    let pairs = Pairs::of(evidence)?;
    let call = pairs.extra.first()?;
    let same = |(_, made): &&(CallBlock<'_>, CallBlock<'_>)| {
        (made.path, &made.hop) == (call.path, &call.hop)
    };
    let expected = pairs.pairs.iter().filter(same).count();
    let about = |call: &CallBlock<'_>| call.subject().map(str::to_owned);
    let twice = pairs
        .pairs
        .iter()
        .filter(same)
        .any(|(_, made)| about(made) == about(call));
    let again = match call.subject().filter(|_| twice) {
        Some(subject) => format!(": {subject} came more than once"),
        None => String::new(),
    };
    Some(format!(
        "{} was called {} on {}, and {} was expected{again}.",
        call.method(),
        times(expected + more_of(&pairs.extra, call)),
        call.hop,
        times(expected),
    ))
}

fn more_of(calls: &[CallBlock<'_>], like: &CallBlock<'_>) -> usize {
    let same = |call: &&CallBlock<'_>| (call.path, &call.hop) == (like.path, &like.hop);
    calls.iter().filter(same).count()
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// A field of what the program sends has one value in all calls of a method, where different ones were expected.
pub(super) fn one_value(evidence: &Evidence<'_>) -> Option<String> {
    let pairs = Pairs::of(evidence)?.pairs;
    let methods: BTreeSet<_> = pairs
        .iter()
        .map(|(call, _)| (call.path, call.hop.clone()))
        .collect();
    for (path, hop) in methods {
        let of_method = pairs
            .iter()
            .filter(|(call, _)| call.path == path && call.hop == hop);
        let side = match is_answered(&hop) {
            true => answered,
            false => sent,
        };
        let messages: Vec<_> = of_method
            .map(|(expected, made)| (side(expected), side(made)))
            .collect();
        let names: BTreeSet<_> = messages
            .iter()
            .filter_map(|(expected, _)| *expected)
            .flat_map(|message| message.fields.iter().map(|(name, _)| *name))
            .collect();
        for name in names {
            let expected: BTreeSet<_> = messages
                .iter()
                .map(|(expected, _)| expected.map(|it| values(&it.fields, name)))
                .collect();
            let made: BTreeSet<_> = messages
                .iter()
                .map(|(_, made)| made.map(|it| values(&it.fields, name)))
                .collect();
            if let (true, 1, Some(Some(value))) = (expected.len() > 1, made.len(), made.first())
                && messages.len() > 1
                && !value.is_empty()
            {
                let method = path.rsplit('/').next().unwrap_or(path);
                return Some(format!(
                    "`{name}` is {} in all {} calls of {method}.",
                    value.join(", "),
                    messages.len()
                ));
            }
        }
    }
    None
}

/// Whether the program answers the calls of this hop, and does not make them.
fn is_answered(hop: &str) -> bool {
    hop == CLIENT_EDGE.to_string()
}

fn sent<'a, 'b>(call: &'b CallBlock<'a>) -> Option<&'b MessageBlock<'a>> {
    call.sent.first()
}

fn answered<'a, 'b>(call: &'b CallBlock<'a>) -> Option<&'b MessageBlock<'a>> {
    call.answered.first()
}

/// A field of a message that the program sent is not what was asked.
pub(super) fn field(evidence: &Evidence<'_>) -> Option<String> {
    Pairs::of(evidence)?
        .pairs
        .iter()
        .find_map(|(expected, made)| {
            let differs = match is_answered(&made.hop) {
                false => messages("request", &expected.sent, &made.sent),
                // What a call that is open will be answered with, nobody knows yet.
                true if made.pending => None,
                true => messages("answer", &expected.answered, &made.answered),
            }?;
            Some(format!("In the call of {}, {differs}.", made.label()))
        })
}

fn messages(
    what: &str,
    expected: &[MessageBlock<'_>],
    made: &[MessageBlock<'_>],
) -> Option<String> {
    let differs = expected
        .iter()
        .zip(made)
        .find_map(|(expected, made)| fields(what, expected, made));
    differs.or_else(|| {
        let (expected, made) = (expected.len(), made.len());
        (expected != made)
            .then(|| format!("the {what} has {made} messages, and {expected} were expected"))
    })
}

fn fields(what: &str, expected: &MessageBlock<'_>, made: &MessageBlock<'_>) -> Option<String> {
    if expected.name != made.name {
        return Some(format!(
            "the {what} is {}, and {} was expected",
            made.name, expected.name
        ));
    }
    let names = expected
        .fields
        .iter()
        .chain(&made.fields)
        .map(|(name, _)| *name);
    names.into_iter().find_map(|name| {
        let (wanted, given) = (values(&expected.fields, name), values(&made.fields, name));
        let differs = || match (wanted.as_slice(), given.as_slice()) {
            (wanted, []) => format!(
                "`{name}` of the {what} is not set, and {} was expected",
                one(wanted)
            ),
            ([], given) => format!(
                "`{name}` of the {what} is {}, and it was expected not to be set",
                one(given)
            ),
            (wanted, given) if wanted.len() != given.len() => format!(
                "`{name}` of the {what} has {} entries, and {} were expected",
                given.len(),
                wanted.len()
            ),
            (wanted, given) => {
                let mut differing = wanted
                    .iter()
                    .zip(given)
                    .filter(|(wanted, given)| wanted != given);
                let (wanted, given) = differing.next().unwrap_or((&wanted[0], &given[0]));
                format!("`{name}` of the {what} is {given}, and {wanted} was expected")
            }
        };
        (wanted != given).then(differs)
    })
}

fn one(values: &[&str]) -> String {
    match values {
        [value] => (*value).to_owned(),
        values => format!("a list of {}", values.len()),
    }
}

/// Metadata or a deadline of a call did not come.
pub(super) fn headers_missing(evidence: &Evidence<'_>) -> Option<String> {
    differing(evidence, is_header, |came| came.is_none())
}

/// Metadata or a deadline of a call is not what was expected.
pub(super) fn headers(evidence: &Evidence<'_>) -> Option<String> {
    differing(evidence, is_header, |_| true)
}

fn is_header(line: &str) -> bool {
    line.contains(": ")
}

/// A call ended in another way than was expected.
pub(super) fn ended(evidence: &Evidence<'_>) -> Option<String> {
    differing(evidence, |line| !is_header(line), |_| true)
}

/// The first of these lines that differs, where `wanted` takes what came in its place.
fn differing(
    evidence: &Evidence<'_>,
    of: fn(&str) -> bool,
    wanted: fn(Option<&String>) -> bool,
) -> Option<String> {
    let pairs = Pairs::of(evidence)?.pairs;
    pairs.iter().find_map(|(expected, made)| {
        let sides = [
            (&expected.request, &made.request),
            (&expected.response, &made.response),
        ];
        let known = if made.pending { 1 } else { 2 };
        let differs = sides.into_iter().take(known).find_map(|(expected, made)| {
            let only = |these: &Vec<String>, those: &Vec<String>| {
                these
                    .iter()
                    .filter(|line| of(line))
                    .find(|line| !those.contains(line))
                    .cloned()
            };
            let (due, came) = (only(expected, made), only(made, expected));
            if !wanted(came.as_ref()) {
                return None;
            }
            match (due, came) {
                (Some(wanted), Some(came)) => {
                    Some(format!("`{came}` came where `{wanted}` was expected"))
                }
                (Some(wanted), None) => Some(format!("`{wanted}` was expected and did not come")),
                (None, Some(came)) => Some(format!("`{came}` came, which was not expected")),
                (None, None) => None,
            }
        })?;
        Some(format!("In the call of {}, {differs}.", made.label()))
    })
}
