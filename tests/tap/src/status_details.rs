//! What came with a status: the messages in `grpc-status-details-bin`.

use crate::code::Code;
use crate::decode::decode;
use crate::fields::{Shown, read};
use crate::render::Renderer;
use crate::scalar::{hexadecimal, length_and_hash, unknown};
use crate::schema::MessageType;
use crate::transcript::unit;
use crate::wire::{Malformed, Value};

/// What stands before a type's name in the URL that an `Any` has for it, as a rule.
const TYPE_URL_PREFIX: &str = "type.googleapis.com/";

/// The lines below a status, each with whether it counts: one for each detail, and one each where the details speak of
/// another code or another message than the status does. How to word an error is up to the program, but both words are to
/// be the same: a status that was passed on has not been reworded.
pub(crate) fn lines(
    renderer: &Renderer,
    code: Code,
    message: &str,
    details: &[u8],
) -> Vec<(String, bool)> {
    if details.is_empty() {
        return Vec::new();
    }
    let status = renderer.message_type("google.rpc.Status");
    let lines = status.map(|status| of_status(renderer, status, code, message, details));
    match lines {
        Some(Ok(lines)) => lines,
        _ => {
            let text = format!("details: {}, not a Status", length_and_hash(details));
            vec![(text, true)]
        }
    }
}

fn of_status(
    renderer: &Renderer,
    status: MessageType<'_>,
    code: Code,
    message: &str,
    details: &[u8],
) -> Result<Vec<(String, bool)>, Malformed> {
    let decoded = decode(status, details)?;
    let last = |number: u32| {
        let field = status.field(number)?;
        decoded.values(field).last().copied()
    };
    let mut lines = Vec::new();
    let number = match last(1) {
        Some(Value::Varint(number)) => number as i32,
        _ => 0,
    };
    if Code::from(number) != code {
        let text = format!("details of another status: {}", Code::from(number));
        lines.push((text, true));
    }
    let text = last(2).and_then(|value| value.content());
    if text.unwrap_or_default() != message.as_bytes() {
        lines.push(("details of another message".to_owned(), true));
    }
    let anys = status
        .field(3)
        .map_or(&[][..], |field| decoded.values(field));
    for any in anys.iter().filter_map(Value::content) {
        lines.push((format!("details: {}", self::any(renderer, any)?), true));
    }
    let others = decoded.unknown.iter();
    lines.extend(others.map(|(number, value)| {
        let text = format!("details: unknown field {number}: {}", unknown(value));
        (text, true)
    }));
    Ok(lines)
}

/// One detail: the name of its type, and its fields where the type is known.
fn any(renderer: &Renderer, bytes: &[u8]) -> Result<String, Malformed> {
    let any = renderer.message_type("google.protobuf.Any");
    let any = any.ok_or(Malformed("there is no such type"))?;
    let decoded = decode(any, bytes)?;
    let content = |number: u32| {
        let values = any.field(number).map(|field| decoded.values(field));
        values?.last()?.content()
    };
    let url = String::from_utf8_lossy(content(1).unwrap_or_default()).into_owned();
    let value = content(2).unwrap_or_default();
    let name = url.strip_prefix(TYPE_URL_PREFIX).unwrap_or(&url);
    let type_name = url.rsplit('/').next().unwrap_or(name);
    let known = renderer.message_type(type_name);
    Ok(
        match known.map(|known| read(renderer.reading(), known, value)) {
            Some(Ok(fields)) => format!("{name} {}", Shown::Message(fields.entries)),
            Some(Err(_)) => format!("{name}, {} that are not one", length_and_hash(value)),
            None if value.is_empty() => format!("{name}, 0 bytes"),
            None => format!(
                "{name}, {} {}: {}",
                value.len(),
                unit(value.len()),
                hexadecimal(value)
            ),
        },
    )
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::testing::{Thing, file_descriptor_set};

    /// `google.rpc.Status` for writing.
    #[derive(Clone, PartialEq, prost::Message)]
    struct Status {
        #[prost(int32, tag = "1")]
        code: i32,
        #[prost(string, tag = "2")]
        message: String,
        #[prost(message, repeated, tag = "3")]
        details: Vec<Any>,
        #[prost(int32, tag = "9")]
        newer: i32,
    }

    /// `google.protobuf.Any` for writing.
    #[derive(Clone, PartialEq, prost::Message)]
    struct Any {
        #[prost(string, tag = "1")]
        type_url: String,
        #[prost(bytes = "vec", tag = "2")]
        value: Vec<u8>,
    }

    fn any(type_url: &str, value: &[u8]) -> Any {
        Any {
            type_url: type_url.to_owned(),
            value: value.to_vec(),
        }
    }

    fn status(details: Vec<Any>) -> Status {
        Status {
            code: 5,
            message: "no".to_owned(),
            details,
            newer: 0,
        }
    }

    fn printed(bytes: &[u8]) -> Vec<(String, bool)> {
        let renderer = Renderer::new(&file_descriptor_set()).expect("a valid contract");
        let renderer = renderer.redact("google.rpc.RequestInfo.request_id", "(varies)");
        lines(&renderer, Code::NOT_FOUND, "no", bytes)
    }

    fn compared(status: &Status) -> Vec<String> {
        let lines = printed(&status.encode_to_vec());
        assert!(lines.iter().all(|(_, compared)| *compared), "{lines:?}");
        lines.into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn known_details_are_shown_by_their_fields() {
        // `field` and `description`; `reason`, `domain` and a pair of `metadata`; `seconds` in `retry_delay`.
        let violation = [&[0x0a, 7, 0x0a, 1, b'f', 0x12, 2, b'n', b'o'][..]].concat();
        let info = b"\x0a\x01R\x12\x01D\x1a\x06\x0a\x01k\x12\x01v";
        let details = vec![
            any("type.googleapis.com/google.rpc.BadRequest", &violation),
            any("type.googleapis.com/google.rpc.ErrorInfo", info),
            any(
                "type.googleapis.com/google.rpc.RetryInfo",
                &[0x0a, 2, 0x08, 3],
            ),
            any(
                "type.googleapis.com/google.rpc.RequestInfo",
                &[0x0a, 1, b'7'],
            ),
        ];
        let expected = [
            "details: google.rpc.BadRequest { field_violations: { field: \"f\", description: \"no\" } }",
            "details: google.rpc.ErrorInfo { reason: \"R\", domain: \"D\", metadata[\"k\"]: \"v\" }",
            "details: google.rpc.RetryInfo { retry_delay: { seconds: 3 } }",
            "details: google.rpc.RequestInfo { request_id: (varies) }",
        ];
        assert_eq!(compared(&status(details)), expected);
    }

    #[test]
    fn a_type_of_the_contract_is_known_as_well() {
        let thing = Thing {
            name: "n".to_owned(),
            ..Default::default()
        };
        let details = vec![any("example.com/t.Thing", &thing.encode_to_vec())];
        let expected = ["details: example.com/t.Thing { name: \"n\" }"];
        assert_eq!(compared(&status(details)), expected);
    }

    #[test]
    fn other_details_are_told_apart_by_their_content() {
        let other = |value: &[u8]| compared(&status(vec![any("example.com/x.Y", value)]));
        assert_eq!(other(&[1, 2]), ["details: example.com/x.Y, 2 bytes: 01 02"]);
        assert_eq!(other(&[]), ["details: example.com/x.Y, 0 bytes"]);
        let long = |end: u8| other(&[&[7; 40][..], &[end]].concat());
        assert_ne!(long(1), long(2));
        let broken = compared(&status(vec![any("example.com/t.Thing", &[0x80])]));
        assert!(broken[0].contains("that are not one"), "{broken:?}");
        let newer = Status {
            newer: 4,
            ..status(Vec::new())
        };
        assert_eq!(compared(&newer), ["details: unknown field 9: VARINT 4"]);
        assert!(printed(&[0x80])[0].0.ends_with("not a Status"));
        assert!(printed(&[]).is_empty());
    }

    #[test]
    fn details_of_another_status_say_so() {
        let other = Status {
            code: 3,
            message: "else".to_owned(),
            ..Status::default()
        };
        let expected = [
            "details of another status: INVALID_ARGUMENT",
            "details of another message",
        ];
        assert_eq!(compared(&other), expected);
    }
}
