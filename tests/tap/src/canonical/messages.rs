//! Messages of one side of a call, by the rule for them.

use crate::event::{Event, EventKind, Side};
use crate::fields::{Entry, Fields, Reading, Shown, read};
use crate::find::{Found, FoundValue, find};
use crate::render::{Rendered, Renderer, content, one_line};
use crate::rules::{Messages, Rules};
use crate::scalar::{length_and_hash, string};
use crate::schema::MessageType;
use crate::transcript::{Payload, RawBytes};

/// What is printed of the messages of one side that nothing stands between.
pub(super) fn rendered(
    renderer: &Renderer,
    path: &str,
    side: Side,
    rules: &Rules,
    events: &[&Event],
) -> Vec<Rendered> {
    let types = renderer.method_types(path);
    let (message_type, rule) = match side {
        Side::Client => (types.map(|(input, _)| input), rules.requests),
        Side::Server => (types.map(|(_, output)| output), rules.responses),
    };
    let messages = events.iter().filter_map(|event| match &event.kind {
        EventKind::Message {
            bytes, compressed, ..
        } => Some((bytes.as_ref(), *compressed)),
        _ => None,
    });
    let mut messages: Vec<_> = messages.collect();
    let Some(message_type) = message_type else {
        return messages.iter().map(|(bytes, _)| untyped(bytes)).collect();
    };
    let one = |(bytes, compressed): &(&[u8], bool)| match compressed {
        // Two programs may compress one message in two ways.
        true => Rendered::from(Payload::Bytes(RawBytes::Compressed {
            length: bytes.len(),
        })),
        false => renderer.message_without(message_type, bytes, rules.uncounted),
    };
    match rule {
        Messages::Each => messages.iter().map(one).collect(),
        Messages::SetBy { key } => {
            let key = |(bytes, compressed): &(&[u8], bool)| {
                let found = find(message_type, bytes, key).filter(|_| !compressed);
                found.map(|found| found.value)
            };
            messages.sort_by_cached_key(key);
            messages.iter().map(one).collect()
        }
        Messages::Joined { field } => {
            let joining = Joining {
                renderer,
                message_type,
                field,
                uncounted: [rules.uncounted, &[field]].concat(),
            };
            let mut groups: Vec<Group<'_>> = Vec::new();
            for message in &messages {
                let part = joining.part(message.0).filter(|_| !message.1);
                match (groups.last_mut(), part) {
                    (Some(Group::Joined(parts)), Some(part)) if continues(&parts[0], &part) => {
                        parts.push(part);
                    }
                    (_, Some(part)) => groups.push(Group::Joined(vec![part])),
                    (_, None) => groups.push(Group::Other(message)),
                }
            }
            let printed = groups.iter().map(|group| match group {
                Group::Joined(parts) => joining.joined(parts),
                Group::Other(message) => one(message),
            });
            printed.collect()
        }
    }
}

fn untyped(bytes: &[u8]) -> Rendered {
    let length = bytes.len();
    Rendered {
        details: content(bytes),
        ..Rendered::from(Payload::Bytes(RawBytes::Untyped { length }))
    }
}

/// Messages that are printed as one, or one that is printed as it is.
enum Group<'a> {
    Joined(Vec<Part>),
    Other(&'a (&'a [u8], bool)),
}

/// A message that is part of a value.
struct Part {
    /// The field that is joined. `None` in a message that has no field at all, which is an empty part.
    found: Option<Found>,
    /// The other fields that count.
    rest: Vec<Entry>,
}

struct Joining<'a> {
    renderer: &'a Renderer,
    message_type: MessageType<'a>,
    field: &'a str,
    /// What is left out of the other fields, the joined one among it.
    uncounted: Vec<&'a str>,
}

impl Joining<'_> {
    /// What a message adds. `None` where it has nothing to do with the joined field.
    fn part(&self, bytes: &[u8]) -> Option<Part> {
        let reading = Reading {
            uncounted: &self.uncounted,
            ..self.renderer.reading()
        };
        let Fields { entries: rest, .. } = read(reading, self.message_type, bytes).ok()?;
        let found = find(self.message_type, bytes, self.field);
        let found = found.filter(|found| matches!(found.value, FoundValue::Bytes(_)));
        (found.is_some() || rest.is_empty()).then_some(Part { found, rest })
    }

    /// One message for all parts, which are the same but for the joined field.
    fn joined(&self, parts: &[Part]) -> Rendered {
        let found: Vec<_> = parts
            .iter()
            .filter_map(|part| part.found.as_ref())
            .collect();
        let mut entries = parts.first().map_or(Vec::new(), |part| part.rest.clone());
        if let Some(first) = found.first() {
            let bytes = found.iter().flat_map(|found| match &found.value {
                FoundValue::Bytes(bytes) => bytes.as_slice(),
                FoundValue::Number(_) => &[],
            });
            let bytes: Vec<u8> = bytes.copied().collect();
            let text = match first.is_string {
                true => string(&String::from_utf8_lossy(&bytes)),
                false => length_and_hash(&bytes),
            };
            entries.push(Entry {
                label: first.path.clone(),
                shown: Shown::Text(text),
            });
        }
        let (payload, entries) = one_line(self.message_type, entries);
        let unit = if parts.len() == 1 {
            "message"
        } else {
            "messages"
        };
        Rendered {
            payload,
            details: entries.iter().map(ToString::to_string).collect(),
            shown: vec![format!("in {} {unit}", parts.len())],
        }
    }
}

/// Whether a message goes on with the value that the first of these began.
fn continues(first: &Part, next: &Part) -> bool {
    first.rest == next.rest
}
