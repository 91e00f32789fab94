//! What several checks of this lesson share.

use std::time::Duration;

use tap::{Code, Fault, FaultKind};

pub(crate) mod calls;
pub(crate) mod health;

/// The method that clients call.
pub(crate) const CLASSIFY_METHOD: &str = "/classification.v1.DocumentClassifier/Classify";

/// The metadata key that ties a call to the lines that are logged about it.
pub(crate) const CORRELATION_ID: &str = "x-correlation-id";

/// The calls with which a program may look after a connection as often as it likes, where health is not what the
/// exercise is about.
pub(crate) const HEALTH_CHECKS: &[&str] = &["/grpc.health.v1.Health/"];

/// A deadline so long that no machine, however busy, lets it pass.
pub(crate) const FAR_DEADLINE: Duration = Duration::from_secs(30);

/// The end of a call with a status that has all that one can have, and of all only what no program makes up. `ticket` is
/// in its message, its details and its metadata.
pub(crate) fn whole_status(code: Code, ticket: &str) -> Fault {
    whole_status_saying("", code, ticket)
}

/// The same, with something in the message before the ticket: words that a program must not decide by.
pub(crate) fn whole_status_saying(words: &str, code: Code, ticket: &str) -> Fault {
    let number = format!("ticket {}-{ticket}", code.number());
    let message = format!("{words}{number}");
    // Eight letters and digits are the base64 of six bytes.
    let letters = ticket.chars().filter(char::is_ascii_alphanumeric);
    let seal: String = format!("{:02}", code.number())
        .chars()
        .chain(letters)
        .collect();
    let seal = format!("{seal:A<8.8}");
    // A `google.rpc.Status` with code and message: both numbers are below 128, and so one byte long.
    let mut details = vec![0x08, code.number() as u8, 0x12, message.len() as u8];
    details.extend(message.as_bytes());
    let metadata = [("x-ticket", number.replace(' ', "-")), ("x-seal-bin", seal)];
    Fault {
        kind: FaultKind::Status {
            code,
            message,
            details: details.into(),
            metadata: metadata.map(|(key, value)| (key.to_owned(), value)).into(),
        },
        ..Fault::status(code, "")
    }
}
