//! What is left of a run that has reached a gap.

use tap::Event;

/// The events of calls that have ended, and of their connections. How far all others have come when a gap is reached is
/// left to chance, and says nothing about what the learner has written.
pub(crate) fn of_ended_calls(mut events: Vec<Event>) -> Vec<Event> {
    let ends_call = |event: &&Event| event.kind.ends_call();
    let ended: Vec<_> = events
        .iter()
        .filter(ends_call)
        .map(|event| (event.hop, event.connection, event.call))
        .collect();
    events.retain(|event| {
        ended.iter().any(|(hop, connection, call)| {
            let same = (event.hop, event.connection) == (*hop, *connection);
            same && (event.call == *call || event.call == 0)
        })
    });
    events
}
