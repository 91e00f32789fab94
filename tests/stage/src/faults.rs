//! Ends of calls that no program makes up by itself.

use tap::{Code, Fault, FaultKind};

/// The keys of the metadata of [`whole_status`].
pub const STATUS_METADATA: &[&str] = &["x-ticket", "x-seal-bin"];

/// The end of a call with a status that has all that one can have, and of all only what no program makes up. `ticket` is
/// in its message, its details and its metadata.
pub fn whole_status(code: Code, ticket: &str) -> Fault {
    whole_status_saying("", code, ticket)
}

/// The same, with something in the message before the ticket: words that a program must not decide by.
pub fn whole_status_saying(words: &str, code: Code, ticket: &str) -> Fault {
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
