//! Messages that are written in another way and mean the same.

use anyhow::{Context, Result};
use bytes::Bytes;
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use stage::{Peer, Run, Scenario, hop};
use tap::wire::{Value, fields};
use tap::{EventKind, Hop, Side};

/// The fields of each message in the order of their numbers turned round. Those of one field stay in theirs.
pub(super) fn reverse_fields(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    rewrite(run, scenario, &|message, bytes| reversed(message, bytes))
}

/// Each field that is not there and has a default written out, where that means the same.
pub(super) fn write_defaults(run: &mut Run, scenario: &dyn Scenario) -> Result<()> {
    rewrite(run, scenario, &|message, bytes| {
        with_defaults(message, bytes)
    })
}

/// Another way to write a message. `None`: it is not one.
type Rewrite = dyn Fn(&MessageDescriptor, &[u8]) -> Option<Vec<u8>>;

/// Writes each message that the program sent anew.
fn rewrite(run: &mut Run, scenario: &dyn Scenario, rewrite: &Rewrite) -> Result<()> {
    let descriptors = [proto::FILE_DESCRIPTOR_SET, proto::HEALTH_DESCRIPTOR_SET].concat();
    let pool = DescriptorPool::decode(descriptors.as_slice()).context("read the descriptors")?;
    let mut paths = std::collections::HashMap::new();
    for event in &mut run.events {
        let call = (event.hop, event.connection, event.call);
        match &mut event.kind {
            EventKind::Request { path, .. } => drop(paths.insert(call, path.clone())),
            EventKind::Message {
                from,
                compressed: false,
                bytes,
            } if is_programs(scenario.peer(), event.hop, *from) => {
                let path = paths.get(&call);
                let message = path.and_then(|path| message_type(&pool, path, *from));
                if let Some(new) = message.and_then(|message| rewrite(&message, bytes)) {
                    *bytes = Bytes::from(new);
                }
            }
            _ => {}
        }
    }
    let sent = run
        .bytes
        .iter_mut()
        .filter(|(side, _)| *side == Side::Client);
    for (index, (side, bytes)) in sent.enumerate() {
        let name = scenario.view(*side, index).type_name();
        let message = pool.get_message_by_name(name);
        if let Some(new) = message.and_then(|message| rewrite(&message, bytes)) {
            *bytes = new;
        }
    }
    Ok(())
}

fn is_programs(peer: Peer, at: Hop, from: Side) -> bool {
    match (peer, from) {
        (Peer::Server, Side::Client) => at == hop::CLIENT_SERVER,
        (Peer::Edge, Side::Client) => at == hop::EDGE_HOST,
        (Peer::Edge, Side::Server) => at == hop::CLIENT_EDGE,
        _ => false,
    }
}

/// The type of a method's messages, by `/package.Service/Method`.
fn message_type(pool: &DescriptorPool, path: &str, from: Side) -> Option<MessageDescriptor> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    let service = pool.get_service_by_name(service)?;
    let method = service.methods().find(|known| known.name() == method)?;
    Some(match from {
        Side::Client => method.input(),
        Side::Server => method.output(),
    })
}

fn reversed(message: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    for field in fields(bytes) {
        let field = field.ok()?;
        all.push((field.number, rewritten(message, &field, &reversed)));
    }
    // A stable sort: values of one field stay in their order, which means something.
    all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    Some(all.into_iter().flat_map(|(_, bytes)| bytes).collect())
}

fn with_defaults(message: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut there = Vec::new();
    let mut out = Vec::new();
    for field in fields(bytes) {
        let field = field.ok()?;
        there.push(field.number);
        out.extend(rewritten(message, &field, &with_defaults));
    }
    for field in message
        .fields()
        .filter(|field| !there.contains(&field.number()))
    {
        // A field that can be told from a default is not one that may be written out.
        if !field.supports_presence() && !field.is_list() && !field.is_map() {
            write_zero(&field, &mut out);
        }
    }
    Some(out)
}

/// A field with the message in it, if there is one, written anew.
fn rewritten(
    message: &MessageDescriptor,
    field: &tap::wire::Field<'_>,
    rewrite: &Rewrite,
) -> Vec<u8> {
    let known = message.get_field(field.number).map(|field| field.kind());
    if let (Some(Kind::Message(inner)), Value::Len(content)) = (known, field.value)
        && let Some(content) = rewrite(&inner, content)
    {
        let mut out = Vec::new();
        encode_key(field.number, WireType::LengthDelimited, &mut out);
        encode_varint(content.len() as u64, &mut out);
        out.extend(content);
        return out;
    }
    field.bytes.to_vec()
}

fn write_zero(field: &FieldDescriptor, out: &mut Vec<u8>) {
    let (wire_type, zeros) = match field.kind() {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => (WireType::SixtyFourBit, 8),
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => (WireType::ThirtyTwoBit, 4),
        Kind::String | Kind::Bytes => (WireType::LengthDelimited, 1),
        _ => (WireType::Varint, 1),
    };
    encode_key(field.number(), wire_type, out);
    out.extend(std::iter::repeat_n(0, zeros));
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use proto::classification::v1::{ClassificationResult, ClassifyRequest, ClassifyResponse};

    use super::*;

    fn response_type() -> MessageDescriptor {
        let pool = DescriptorPool::decode(proto::FILE_DESCRIPTOR_SET).expect("descriptors");
        let name = "classification.v1.ClassifyResponse";
        pool.get_message_by_name(name).expect("it is there")
    }

    fn response() -> ClassifyResponse {
        let result = |document_type, keyword: &str| ClassificationResult {
            document_type,
            keywords: vec![keyword.to_owned(), "second".to_owned()],
            ..Default::default()
        };
        ClassifyResponse {
            document_id: "doc-7".to_owned(),
            results: vec![result(1, "a"), result(2, "b")],
            ..Default::default()
        }
    }

    #[test]
    fn other_bytes_mean_the_same() {
        let bytes = response().encode_to_vec();
        for rewrite in [reversed, with_defaults] {
            let new = rewrite(&response_type(), &bytes).expect("it is a message");
            assert_ne!(new, bytes);
            let read = ClassifyResponse::decode(new.as_slice());
            assert_eq!(read.expect("it is a message"), response());
        }
    }

    #[test]
    fn a_field_that_may_be_unset_stays_unset() {
        let pool = DescriptorPool::decode(proto::FILE_DESCRIPTOR_SET).expect("descriptors");
        let name = "classification.v1.ClassifyRequest";
        let message = pool.get_message_by_name(name).expect("it is there");
        let new = with_defaults(&message, &[]).expect("it is a message");
        let read = ClassifyRequest::decode(new.as_slice()).expect("it is a message");
        assert_eq!(read, ClassifyRequest::default());
    }

    #[test]
    fn what_is_not_a_message_is_left_alone() {
        assert_eq!(reversed(&response_type(), &[0x0a, 5]), None);
    }
}
