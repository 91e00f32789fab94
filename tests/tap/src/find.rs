//! One field of a message, found by its name.

use crate::decode::decode;
use crate::schema::{Kind, MessageType};
use crate::wire::Value;

/// How deep a field may lie.
const MAX_NESTING: usize = 100;

/// A field that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The names of the fields on the way to it, its own last.
    pub(crate) path: String,
    /// Whether it is a string.
    pub(crate) is_string: bool,
    pub(crate) value: FoundValue,
}

/// What it holds. Numbers come before bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FoundValue {
    Number(u64),
    Bytes(Vec<u8>),
}

/// The field of this full name, `package.Message.field`, in the message itself or in one that it holds. `None` where
/// it is not set, where it is repeated or lies in what is repeated, and where the bytes are not a message.
pub(crate) fn find(message_type: MessageType<'_>, bytes: &[u8], full_name: &str) -> Option<Found> {
    at_depth(message_type, bytes, full_name, 0)
}

fn at_depth(
    message_type: MessageType<'_>,
    bytes: &[u8],
    full_name: &str,
    depth: usize,
) -> Option<Found> {
    let message = decode(message_type, bytes).ok()?;
    for field in message_type.fields().filter(|field| !field.repeated()) {
        let values = message.values(field);
        // A message may hold one of its own type, in which the field is set.
        if field.full_name() == full_name
            && let Some(last) = values.last()
        {
            return Some(Found {
                path: field.name().to_owned(),
                is_string: field.kind().is_string(),
                value: match last {
                    Value::Varint(number) | Value::I64(number) => FoundValue::Number(*number),
                    Value::I32(number) => FoundValue::Number(u64::from(*number)),
                    Value::Len(content) => FoundValue::Bytes(content.to_vec()),
                },
            });
        }
        if let Kind::Message(inner) = field.kind()
            && !values.is_empty()
            && depth < MAX_NESTING
        {
            let parts: Vec<_> = values.iter().filter_map(Value::content).collect();
            if let Some(found) = at_depth(inner, &parts.concat(), full_name, depth + 1) {
                let path = format!("{}.{}", field.name(), found.path);
                return Some(Found { path, ..found });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::testing::file_descriptor_set;

    fn found(bytes: &[u8], full_name: &str) -> Option<(String, FoundValue)> {
        let schema = Schema::new(&file_descriptor_set()).expect("a valid contract");
        let every = schema.message("t.Every").expect("the contract has it");
        find(every, bytes, full_name).map(|found| (found.path, found.value))
    }

    #[test]
    fn a_field_is_found_in_the_message_and_in_what_it_holds() {
        let number = |path: &str| Some((path.to_owned(), FoundValue::Number(7)));
        // `or`, and `itself` with `or` in it.
        assert_eq!(found(&[0xc8, 2, 7], "t.Every.or"), number("or"));
        let nested = [0xda, 2, 3, 0xc8, 2, 7];
        assert_eq!(found(&nested, "t.Every.or"), number("itself.or"));
        let bytes = FoundValue::Bytes(b"ab".to_vec());
        let expected = Some(("one_12".to_owned(), bytes));
        assert_eq!(found(&[0x62, 2, b'a', b'b'], "t.Every.one_12"), expected);
    }

    #[test]
    fn what_is_not_set_or_not_single_is_not_found() {
        assert_eq!(found(&[], "t.Every.or"), None);
        assert_eq!(found(&[0x80], "t.Every.or"), None);
        // `many_5`, and `tags` in `one_11`.
        assert_eq!(found(&[0xc8, 1, 1], "t.Every.many_5"), None);
        assert_eq!(found(&[0x5a, 3, 0x0a, 1, b'a'], "t.Part.tags"), None);
    }
}
