//! What a transcript says below an arrow of how it came, and that a picture says too.

use crate::arrow::Kind;

/// Whether `text`, which stands below an arrow of this kind between these parties, is about how it came: in how many
/// messages, or what the other side had not said by then. Anything else is about what it holds.
pub(crate) fn is_told(kind: Kind, text: &str, parties: [&String; 2]) -> bool {
    match kind {
        Kind::Message | Kind::Bytes | Kind::Undecodable => is_count(text),
        Kind::Ok | Kind::Failed | Kind::Cancel | Kind::Cut => parties.iter().any(|party| {
            let does = text.strip_prefix(party.as_str());
            does.is_some_and(|does| does.starts_with(" had "))
        }),
        Kind::Metadata | Kind::HalfClose | Kind::Malformed | Kind::Pending => false,
    }
}

/// `in 3 messages`.
fn is_count(text: &str) -> bool {
    let count = text.strip_prefix("in ");
    let count = count.and_then(|text| {
        text.strip_suffix(" messages")
            .or(text.strip_suffix(" message"))
    });
    count.is_some_and(|count| count.parse::<usize>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_thing_came_is_told_and_what_it_holds_is_not() {
        let parties = [&"client".to_owned(), &"edge".to_owned()];
        for (kind, text, told) in [
            (Kind::Message, "in 3 messages", true),
            (Kind::Message, "in: 3", false),
            (Kind::Message, "text: \"in 3 messages\"", false),
            (Kind::Failed, "client had not half-closed", true),
            (Kind::Cancel, "edge had sent 1 message and no status", true),
            (Kind::Failed, "message: \"edge had no time\"", false),
            (Kind::Failed, "host had not answered", false),
            (Kind::Message, "client had not half-closed", false),
        ] {
            assert_eq!(is_told(kind, text, parties), told, "{text}");
        }
    }
}
