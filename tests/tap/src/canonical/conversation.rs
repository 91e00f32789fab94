//! In which order the two sides of a call are printed.

use crate::call_tree::Call;
use crate::event::{Event, EventKind, Side};
use crate::rules::Conversation;

/// One thing to print of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step<'a> {
    /// Something that is not a message.
    Event(&'a Event),
    /// Messages of one side that nothing stands between.
    Messages(Side, Vec<&'a Event>),
    /// A call that this one caused, by its place among them.
    Child(usize),
}

/// What to print of a call, top to bottom. `answered` are the positions in the record at which the calls that it caused were
/// answered, in their order.
pub(super) fn steps<'a>(
    conversation: Conversation,
    call: &Call<'a>,
    answered: &[u64],
) -> Vec<Step<'a>> {
    let of = |side| move |event: &&Event| event.kind.by() == side;
    let events = call.events.iter().copied();
    let mut steps = Vec::new();
    match conversation {
        Conversation::Apart => {
            events
                .clone()
                .filter(of(Side::Client))
                .for_each(|event| add(&mut steps, event));
            steps.extend((0..answered.len()).map(Step::Child));
            events
                .filter(of(Side::Server))
                .for_each(|event| add(&mut steps, event));
        }
        Conversation::Interleaved => {
            let mut children = answered.iter().enumerate().peekable();
            // When the server's headers leave is left to chance. They are printed with what the server says next, and at the
            // latest before the call ends.
            let mut headers = None;
            for event in events {
                while let Some((place, _)) =
                    children.next_if(|(_, answered)| **answered < event.seq)
                {
                    steps.push(Step::Child(place));
                }
                if matches!(event.kind, EventKind::Response { .. }) {
                    headers = Some(event);
                    continue;
                }
                if event.kind.by() == Side::Server || event.kind.ends_call() {
                    headers
                        .take()
                        .into_iter()
                        .for_each(|event| add(&mut steps, event));
                }
                add(&mut steps, event);
            }
            steps.extend(children.map(|(place, _)| Step::Child(place)));
            headers.into_iter().for_each(|event| add(&mut steps, event));
        }
    }
    steps
}

fn add<'a>(steps: &mut Vec<Step<'a>>, event: &'a Event) {
    let EventKind::Message { from, .. } = &event.kind else {
        steps.push(Step::Event(event));
        return;
    };
    match steps.last_mut() {
        Some(Step::Messages(side, messages)) if side == from => messages.push(event),
        _ => steps.push(Step::Messages(*from, vec![event])),
    }
}
