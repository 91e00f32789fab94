//! Blocking jobs that have not ended.

use proto::control::v1::from_program;

/// How many of them a sentence names.
const NAMED: usize = 3;

/// A sentence about the jobs that have begun and not ended. The course ends each when it has seen what it waits for.
pub(super) fn sentence(messages: &[from_program::Kind]) -> Option<String> {
    let mut running: Vec<&str> = Vec::new();
    for message in messages {
        match message {
            from_program::Kind::JobStarted(job) => running.push(&job.name),
            from_program::Kind::JobEnded(job) => {
                if let Some(place) = running.iter().position(|name| *name == job.name) {
                    running.remove(place);
                }
            }
            _ => {}
        }
    }
    let names: Vec<_> = running
        .iter()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = match running.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names.join(", ");
    match running.len() {
        0 => None,
        1 => Some(format!(
            "The blocking job of {names} is running: the course lets it end only when it has seen what the task asks for."
        )),
        _ => Some(format!(
            "The blocking jobs of {names}{more} are running: the course lets them end only when it has seen what the task \
             asks for."
        )),
    }
}
